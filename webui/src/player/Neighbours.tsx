import { useAround } from '../api/around';
import { number } from '../lib/format';
import { useStrings } from '../lib/strings';
import { StandingRow } from '../ui/StandingRow';

/** The player between those just above and those just below. */
export function Neighbours({ userId }: { userId: number }) {
  const t = useStrings();
  const { data } = useAround(userId);
  if (!data) return null;
  return (
    <table className="standings neighbours">
      <caption>{t.player.neighbours}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t.standings.rank}</th>
          <th scope="col">{t.standings.player}</th>
          <th scope="col">{t.standings.total}</th>
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
