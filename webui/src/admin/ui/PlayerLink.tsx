import { hrefOf } from '../lib/route';
import { Link } from './Link';

/** A player, by name if it is known, with the id. */
export function PlayerLink({ userId, name }: { userId: number; name?: string | undefined }) {
  return (
    <Link href={hrefOf('players', userId)} className="player-link">
      {name !== undefined && <bdi>{name}</bdi>} <span className="id">#{userId}</span>
    </Link>
  );
}
