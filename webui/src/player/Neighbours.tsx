import { useAround } from '../api/around';
import { number } from '../app/format';
import { lookUp } from '../app/location';

/** The player between those just above and those just below. */
export function Neighbours({ userId }: { userId: number }) {
  const { data } = useAround(userId, true);
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
          <tr
            key={row.user_id}
            data-player={row.user_id}
            className={row.user_id === userId ? 'looked-up' : ''}
            aria-current={row.user_id === userId ? 'true' : undefined}
          >
            <td className="rank">{number(row.rank)}</td>
            <th scope="row" className="player">
              <div className="neighbour">
                <button
                  type="button"
                  className="player-name"
                  title={row.username}
                  onClick={() => {
                    lookUp(row.user_id);
                  }}
                >
                  <bdi>{row.username}</bdi>
                </button>
                <span className="player-id">#{row.user_id}</span>
              </div>
            </th>
            <td className="total">{number(row.total_score)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
