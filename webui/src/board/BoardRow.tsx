import Placeholder from 'react-bootstrap/Placeholder';
import type { Standing } from '../api/top';
import { number, plural, share, signed } from '../app/format';
import { lookUp } from '../app/location';
import type { Change } from './changes';
import { Medal } from './Medal';

interface Props {
  row: Standing;
  /** The leader's total. */
  leader: number;
  change: Change | undefined;
  /** The number of the refresh that made `change`, so that a second change lights the row up again. */
  refresh: number;
  lookedUp: boolean;
}

export function BoardRow({ row, leader, change, refresh, lookedUp }: Props) {
  const part = share(row.total_score, leader);
  const percent = `${Math.round(part * 100)}%`;
  const names = [
    row.rank <= 3 ? `place-${row.rank}` : '',
    // Two names of the same animation: changing from one to the other starts it anew.
    change ? `changed-${refresh % 2 === 0 ? 'even' : 'odd'}` : '',
    lookedUp ? 'looked-up' : '',
  ];
  return (
    <tr
      className={names.filter(Boolean).join(' ')}
      data-player={row.user_id}
      aria-current={lookedUp ? 'true' : undefined}
    >
      <td className="rank">
        <Medal rank={row.rank} />
        {change && <Movement change={change} />}
      </td>
      <th scope="row" className="player">
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
      </th>
      <td className="share-cell">
        <div className="share">
          <span className="share-track" aria-hidden="true">
            <span className="share-bar" style={{ inlineSize: `${part * 100}%` }} />
          </span>
          <span className="share-text">{percent}</span>
        </div>
      </td>
      <td className="total">
        {number(row.total_score)}
        {change && change.gained !== 0 && <span className="gained">{signed(change.gained)}</span>}
      </td>
    </tr>
  );
}

function Movement({ change: { places, entered } }: { change: Change }) {
  if (entered) return <span className="movement up">new</span>;
  if (places === 0) return null;
  const text = `${places > 0 ? 'up' : 'down'} ${plural(Math.abs(places), 'place')} since the last refresh`;
  return (
    <span className={`movement ${places > 0 ? 'up' : 'down'}`} title={text}>
      <span aria-hidden="true">
        {places > 0 ? '\u25b2' : '\u25bc'}
        {number(Math.abs(places))}
      </span>
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

export function LoadingRow() {
  return (
    <tr aria-hidden="true">
      <td className="rank">
        <Placeholder animation="glow">
          <Placeholder className="medal-placeholder" />
        </Placeholder>
      </td>
      <td className="player">
        <Placeholder animation="glow">
          <Placeholder xs={7} />
        </Placeholder>
      </td>
      <td className="share-cell">
        <Placeholder animation="glow">
          <Placeholder xs={9} size="xs" />
        </Placeholder>
      </td>
      <td className="total">
        <Placeholder animation="glow">
          <Placeholder className="total-placeholder" />
        </Placeholder>
      </td>
    </tr>
  );
}
