import { isUnknownPlayer } from '../api/errors';
import type { Profile } from '../api/profile';
import { useLiveRankOn } from '../api/rankOn';
import { countryName, countryOf } from '../lib/attributes';
import { number, shownTotal } from '../lib/format';
import { DEFAULT_BOARD } from '../lib/location';
import { useProfileStrings } from '../lib/strings/profile';
import { Avatar } from '../ui/Avatar';
import { Country } from '../ui/Country';
import { Figure } from '../ui/Figure';
import { titleOf } from './address';
import { longDate } from './dates';
import { ShareButton } from './ShareButton';

const DASH = '\u2013';

interface Props {
  /** The id in the address. */
  player: string;
  profile: Profile;
  board: string;
  season: string | null;
}

/** Who the player is, and the standing on the board that is shown. */
export function ProfileTitle({ player, profile, board, season }: Props) {
  const t = useProfileStrings();
  const { data: rank, error } = useLiveRankOn(player, board, season);
  const country = countryOf(profile);
  const shownSeason = season ?? rank?.season;
  const where = [titleOf(board, t), shownSeason ? t.seasonNumber(shownSeason) : ''].filter(Boolean).join(' \u00b7 ');
  return (
    <div className="masthead-title profile-title">
      <div className="profile-name">
        <Avatar player={profile} />
        <div>
          <h1 tabIndex={-1}>
            <bdi>{profile.username}</bdi>
          </h1>
          <p>
            {country !== null && (
              <>
                <span aria-hidden="true">
                  <Country code={country} />
                </span>{' '}
                {countryName(country)} &middot;{' '}
              </>
            )}
            #{profile.user_id} &middot; {t.joined(longDate(profile.join_date))}
          </p>
        </div>
      </div>
      <div className="profile-standing" aria-label={where} role="group">
        <p className="where">{where}</p>
        {isUnknownPlayer(error) ? (
          <p>{t.notOnThis}</p>
        ) : (
          <dl className="figures">
            <Figure label={t.rank}>
              {rank ? (
                <>
                  {number(rank.rank)} <small>{t.ofPlayers(rank.players)}</small>
                </>
              ) : (
                DASH
              )}
            </Figure>
            <Figure label={t.total}>{rank ? shownTotal(rank) : DASH}</Figure>
            <Figure label={t.percentile} {...(rank ? { title: t.betterThan(rank.percentile) } : {})}>
              {rank ? number(rank.percentile) : DASH}
            </Figure>
          </dl>
        )}
      </div>
      <div className="profile-links">
        <ShareButton text={rank ? t.summary(profile.username, rank.rank, rank.players) : profile.username} />
        <a href={standingsHref(profile.user_id, board, season)}>{t.toStandings}</a>
      </div>
    </div>
  );
}

function standingsHref(userId: number, board: string, season: string | null): string {
  const query = new URLSearchParams();
  if (board !== DEFAULT_BOARD) query.set('board', board);
  if (season !== null) query.set('season', season);
  query.set('player', String(userId));
  return `/?${query.toString()}`;
}
