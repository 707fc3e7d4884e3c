import { lazy, Suspense, useEffect, useState } from 'react';
import { useBoard, useBoards } from '../api/boards';
import { usePastSeason } from '../api/seasons';
import { BoardCard } from '../board/BoardCard';
import { KeyDialog } from '../key/KeyDialog';
import { DEFAULT_BOARD, useBigScreen, useBoardName, usePlayerParam, useView } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Card } from '../ui/Card';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { LanguageSwitch } from '../ui/LanguageSwitch';
import { LiveRegion } from '../ui/LiveRegion';
import { BoardNotFound } from './BoardNotFound';
import { ConnectionNotice } from './ConnectionNotice';
import { Header } from './Header';
import type { Tab } from './PhoneTabs';
import { PhoneTabs } from './PhoneTabs';

// The board comes first.
const DistributionCard = lazy(async () => ({
  default: (await import('../distribution/DistributionCard')).DistributionCard,
}));
const PlayerCard = lazy(async () => ({ default: (await import('../player/PlayerCard')).PlayerCard }));
const SubmitCard = lazy(async () => ({ default: (await import('../submission/SubmitCard')).SubmitCard }));
const SeasonNotice = lazy(() => import('../season/SeasonNotice'));
const BigScreen = lazy(() => import('../screen/BigScreen'));

/**
 * Whether the board exists; undefined while loading. If the boards cannot be loaded the answer is true, and each
 * card shows its own error.
 */
function useBoardExists(name: string): boolean | undefined {
  const { data, isError } = useBoards();
  const [lastKnown, setLastKnown] = useState<string>();
  const exists = data ? data.some(({ board }) => board === name) : name === DEFAULT_BOARD || isError || undefined;
  if (exists !== undefined && lastKnown !== name) setLastKnown(name);
  // A new API key reloads the boards. Keep the page meanwhile, and with it what was typed.
  return exists ?? (lastKnown === name || undefined);
}

export function LeaderboardPage() {
  const t = useStrings();
  const board = useBoardName();
  const exists = useBoardExists(board);
  useEffect(() => {
    document.title = board === DEFAULT_BOARD ? t.app.title : t.app.titleOf(board);
  }, [board, t]);
  return (
    <>
      {exists === undefined ? <Loading /> : exists ? <Board name={board} /> : <BoardNotFound name={board} />}
      <LiveRegion />
    </>
  );
}

function Loading() {
  const t = useStrings();
  return (
    <main className="container message-page" aria-busy="true">
      <p>{t.app.loadingBoard}</p>
    </main>
  );
}

function Board({ name }: { name: string }) {
  const t = useStrings();
  const { season, split } = useView();
  const isPast = usePastSeason() !== undefined;
  const hasSeasons = (useBoard()?.season ?? null) !== null;
  const player = usePlayerParam();
  const [tab, setTab] = useState<Tab>(player === null ? 'board' : 'player');
  const [lastPlayer, setLastPlayer] = useState(player);
  // A name on the board was pressed.
  if (player !== lastPlayer) {
    setLastPlayer(player);
    if (player !== null) setTab('player');
  }
  // The keys reset the cards when the board changes. The form keeps what was typed.
  const key = `${name} ${season} ${split}`;
  if (useBigScreen()) {
    return (
      <ErrorBoundary what={t.app.thisPage}>
        <Suspense>
          <BigScreen />
        </Suspense>
      </ErrorBoundary>
    );
  }
  return (
    <>
      <a className="skip-link" href="#board">
        {t.app.skip}
      </a>
      <Header />
      <main className="container">
        <KeyDialog />
        <ConnectionNotice />
        {hasSeasons && (
          <ErrorBoundary what={t.seasons.season}>
            <Suspense>
              <SeasonNotice key={name} />
            </Suspense>
          </ErrorBoundary>
        )}
        <div className="layout" data-tab={tab}>
          <div className="tab-board">
            <BoardCard key={`board ${key}`} />
          </div>
          <div className="side">
            <div className="tab-submit">
              <Later id="submit-title" title={t.submission.title}>
                {isPast ? <NoSubmission /> : <SubmitCard />}
              </Later>
            </div>
            <div className="tab-player">
              <Later id="player-title" title={t.player.title}>
                <PlayerCard key={`player ${key}`} />
              </Later>
            </div>
          </div>
          <div className="tab-chart">
            <Later id="distribution-title" title={t.distribution.title}>
              <DistributionCard key={`distribution ${key}`} />
            </Later>
          </div>
        </div>
      </main>
      <footer>
        <div className="container">
          <p>
            {t.app.footer} <a href="/docs">{t.app.useTheApi}</a>
          </p>
          <LanguageSwitch />
        </div>
      </footer>
      <PhoneTabs current={tab} onChange={setTab} />
    </>
  );
}

interface LaterProps {
  id: string;
  title: string;
  children: React.ReactNode;
}

/** A card that is loaded after the board. */
function Later({ id, title, children }: LaterProps) {
  return (
    <ErrorBoundary what={title}>
      <Suspense
        fallback={
          <Card id={id} title={title} isBusy>
            <div className="card-body later" />
          </Card>
        }
      >
        {children}
      </Suspense>
    </ErrorBoundary>
  );
}

function NoSubmission() {
  const t = useStrings();
  return (
    <Card id="submit-title" title={t.submission.title}>
      <p className="card-body">{t.seasons.noSubmission}</p>
    </Card>
  );
}
