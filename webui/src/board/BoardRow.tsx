import type { Change, Standing } from '../api/standing';
import { number, share, signed } from '../lib/format';
import { useStrings } from '../lib/strings';
import { StandingRow } from '../ui/StandingRow';
import { Medal } from './Medal';

interface Props {
  standing: Standing;
  /** The leader's total. */
  leader: number;
  change: Change | undefined;
  /** The number of the refresh that made `change`. */
  refresh: number;
  isSelected: boolean;
  /** The player who uses this browser. */
  isMe: boolean;
}

export function BoardRow({ standing, leader, change, refresh, isSelected, isMe }: Props) {
  const t = useStrings();
  const { rank, total_score: total } = standing;
  const classes = [
    rank <= 3 ? `place-${rank}` : '',
    // Alternating between two names of the same animation restarts it.
    change ? `changed-${refresh % 2 === 0 ? 'even' : 'odd'}` : '',
  ];
  return (
    <StandingRow
      standing={standing}
      isSelected={isSelected}
      className={classes.join(' ')}
      hasAvatar
      mark={isMe && <span className="me">{t.player.you}</span>}
      rank={
        <>
          <Medal rank={rank} />
          {change && <Movement change={change} />}
        </>
      }
      gained={change && change.gained !== 0 && <span className="gained">{signed(change.gained)}</span>}
    >
      <ShareCell part={share(total, leader)} />
    </StandingRow>
  );
}

function Movement({ change: { places, entered } }: { change: Change }) {
  const t = useStrings();
  if (entered) return <span className="movement up">{t.board.entered}</span>;
  if (places === 0) return null;
  const direction = places > 0 ? 'up' : 'down';
  const text = t.board.moved(places);
  return (
    <span className={`movement ${direction}`} title={text}>
      <span aria-hidden="true">
        {places > 0 ? '\u25b2' : '\u25bc'}
        {number(Math.abs(places))}
      </span>
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

function ShareCell({ part }: { part: number }) {
  return (
    <td className="share-cell">
      <div className="share">
        <span className="share-track" aria-hidden="true">
          <span className="share-bar" style={{ inlineSize: `${part * 100}%` }} />
        </span>
        <span className="share-text">{Math.round(part * 100)}%</span>
      </div>
    </td>
  );
}
