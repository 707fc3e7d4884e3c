import { useEffect, useState } from 'react';
import { useBoards } from '../api/boards';
import { BoardCard } from '../board/BoardCard';
import { DistributionCard } from '../distribution/DistributionCard';
import { KeyDialog } from '../key/KeyDialog';
import { DEFAULT_BOARD, useBoardName } from '../lib/location';
import { useStrings } from '../lib/strings';
import { PlayerCard } from '../player/PlayerCard';
import { SubmitCard } from '../submission/SubmitCard';
import { LanguageSwitch } from '../ui/LanguageSwitch';
import { LiveRegion } from '../ui/LiveRegion';
import { BoardNotFound } from './BoardNotFound';
import { ConnectionNotice } from './ConnectionNotice';
import { Header } from './Header';

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
  return (
    <>
      <a className="skip-link" href="#board">
        {t.app.skip}
      </a>
      <Header />
      <main className="container">
        <KeyDialog />
        <ConnectionNotice />
        <div className="layout">
          {/* The keys reset the cards when the board changes. The form keeps what was typed. */}
          <BoardCard key={`board ${name}`} />
          <div className="side">
            <SubmitCard />
            <PlayerCard key={`player ${name}`} />
          </div>
          <DistributionCard key={`distribution ${name}`} />
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
    </>
  );
}
