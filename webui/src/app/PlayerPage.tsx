import { useEffect } from 'react';
import { isUnknownPlayer, needsKey } from '../api/errors';
import { useProfile } from '../api/profile';
import { useLastError } from '../api/useLastError';
import { KeyDialog } from '../key/KeyDialog';
import { useBoardName } from '../lib/location';
import { playerInPath } from '../lib/playerAddress';
import { useStrings } from '../lib/strings';
import { useProfileStrings } from '../lib/strings/profile';
import { titleOf, useSeasonParam } from '../profile/address';
import { BoardsCard } from '../profile/BoardsCard';
import { HistoryCard } from '../profile/HistoryCard';
import { ProfileTitle } from '../profile/ProfileTitle';
import { SeasonsCard } from '../profile/SeasonsCard';
import { SessionsCard } from '../profile/SessionsCard';
import { ErrorMessage } from '../ui/ErrorMessage';
import { Filled } from '../ui/Filled';
import { LanguageSwitch } from '../ui/LanguageSwitch';
import { LiveRegion } from '../ui/LiveRegion';
import { MastheadBar } from './MastheadBar';
import PageNotFound from './PageNotFound';
import '../profile/profile.scss';

/** The page of a player: standing on each board, rank over time, seasons, sessions. Loaded when it is opened. */
export default function PlayerPage({ path }: { path: string }) {
  const player = playerInPath(path);
  return player === null ? <PageNotFound /> : <Page player={player} />;
}

function Page({ player }: { player: string }) {
  const t = useStrings();
  const own = useProfileStrings();
  const board = useBoardName();
  const season = useSeasonParam();
  const query = useProfile(player);
  const { data: profile } = query;
  const error = useLastError(query);
  const name = profile?.username ?? own.title;
  useEffect(() => {
    document.title = t.app.titleOf(name);
  }, [t, name]);

  const boardTitle = [titleOf(board, own), season === null ? '' : own.seasonNumber(season)]
    .filter(Boolean)
    .join(' \u00b7 ');
  const shown = { player, board, season, boardTitle };
  return (
    <>
      {profile && (
        <a className="skip-link" href="#boards-title">
          {own.skip}
        </a>
      )}
      <header className={profile ? 'masthead' : 'masthead masthead-short'}>
        <div className="container">
          <MastheadBar />
          {profile && <ProfileTitle player={player} profile={profile} board={board} season={season} />}
        </div>
      </header>
      <main className="container">
        <KeyDialog />
        {profile ? (
          <div className="profile-layout">
            <BoardsCard player={player} current={board} />
            <div className="profile-main">
              <HistoryCard key={`history ${board} ${season ?? ''}`} {...shown} />
              <SeasonsCard key={`seasons ${board}`} {...shown} />
            </div>
            <SessionsCard player={player} />
          </div>
        ) : (
          <Absent player={player} error={error} />
        )}
      </main>
      <footer>
        <div className="container">
          <p>
            {own.footer} <a href="/docs">{t.app.useTheApi}</a>
          </p>
          <LanguageSwitch />
        </div>
      </footer>
      <LiveRegion />
    </>
  );
}

/** While there is no player to show: loading, or why. */
function Absent({ player, error }: { player: string; error: Error | null }) {
  const t = useStrings();
  const own = useProfileStrings();
  const isUnknown = isUnknownPlayer(error) || (error !== null && 'code' in error && error.code === 'invalid_user_id');
  return (
    <section className="message-page" aria-busy={error === null} role={error === null ? undefined : 'alert'}>
      {error === null ? (
        <p>{own.loading}</p>
      ) : isUnknown ? (
        <>
          <h1>{own.unknown}</h1>
          <p>
            <Filled text={own.unknownHint}>
              <code>{player}</code>
            </Filled>
          </p>
          <a className="btn btn-primary" href="/">
            {t.app.goToStandings}
          </a>
        </>
      ) : (
        <>
          <h1>{own.notLoaded}</h1>
          <p>
            <ErrorMessage error={error}>{needsKey(error) ? null : own.retries}</ErrorMessage>
          </p>
        </>
      )}
    </section>
  );
}
