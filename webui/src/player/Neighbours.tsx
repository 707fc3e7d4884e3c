import { useAround } from '../api/around';
import { number } from '../lib/format';
import { StandingRow } from '../ui/StandingRow';

/** The player between those just above and those just below. */
export function Neighbours({ userId }: { userId: number }) {
  const { data } = useAround(userId);
  if (!data) return null;
  return (
    <table className="standings neighbours">
      <caption>Neighbours</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Rank</th>
          <th scope="col">Player</th>
          <th scope="col">Total</th>
        </tr>
      </thead>
      <tbody>
        {data.map((row) => (
          <StandingRow key={row.user_id} standing={row} isSelected={row.user_id === userId} rank={number(row.rank)} />
        ))}
      </tbody>
    </table>
  );
}
