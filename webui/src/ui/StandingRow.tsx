import type { Standing } from '../api/standing';
import { shownTotal } from '../lib/format';
import { PlayerButton } from './PlayerButton';

interface Props {
  standing: Standing;
  /** The player who is looked up. */
  isSelected: boolean;
  className?: string;
  /** The content of the rank cell. */
  rank: React.ReactNode;
  /** Cells between the name and the total. */
  children?: React.ReactNode;
  /** Below the total. */
  gained?: React.ReactNode;
}

/** A player's row in a table of standings. */
export function StandingRow({ standing, isSelected, className = '', rank, children, gained }: Props) {
  const { user_id: userId, username } = standing;
  return (
    <tr
      className={isSelected ? `${className} looked-up` : className}
      data-player={userId}
      aria-current={isSelected ? 'true' : undefined}
    >
      <td className="rank">{rank}</td>
      <th scope="row" className="player">
        <div>
          <PlayerButton userId={userId} title={username}>
            <bdi>{username}</bdi>
          </PlayerButton>
          <span className="player-id">#{userId}</span>
        </div>
      </th>
      {children}
      <td className="total">
        {shownTotal(standing)}
        {gained}
      </td>
    </tr>
  );
}
