import type { Standing } from '../api/standing';
import { countryOf } from '../lib/attributes';
import { shownTotal } from '../lib/format';
import { Avatar } from './Avatar';
import { Country } from './Country';
import { PlayerButton } from './PlayerButton';

interface Props {
  standing: Standing;
  /** The player who is looked up. */
  isSelected: boolean;
  className?: string;
  /** The content of the rank cell. */
  rank: React.ReactNode;
  /** Whether the player's picture is shown, or a letter in its place. */
  hasAvatar?: boolean;
  /** Beside the name. */
  mark?: React.ReactNode;
  /** Cells between the name and the total. */
  children?: React.ReactNode;
  /** Below the total. */
  gained?: React.ReactNode;
}

/** A player's row in a table of standings. */
export function StandingRow(props: Props) {
  const { standing, isSelected, className = '', rank, hasAvatar = false, mark, children, gained } = props;
  const { user_id: userId, username } = standing;
  const country = countryOf(standing);
  return (
    <tr
      className={isSelected ? `${className} looked-up` : className}
      data-player={userId}
      aria-current={isSelected ? 'true' : undefined}
    >
      <td className="rank">{rank}</td>
      <th scope="row" className="player">
        <div className="player-cell">
          {hasAvatar && <Avatar player={standing} />}
          <div>
            <PlayerButton userId={userId} title={username}>
              <bdi>{username}</bdi>
            </PlayerButton>
            <span className="player-id">
              {country !== null && <Country code={country} />}#{userId}
              {mark}
            </span>
          </div>
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
