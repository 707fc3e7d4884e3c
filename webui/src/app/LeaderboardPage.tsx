import { useEffect, useState } from 'react';
import { useBoards } from '../api/boards';
import { BoardCard } from '../board/BoardCard';
import { DistributionCard } from '../distribution/DistributionCard';
import { KeyDialog } from '../key/KeyDialog';
import { DEFAULT_BOARD, useBoardName } from '../lib/location';
import { PlayerCard } from '../player/PlayerCard';
import { SubmitCard } from '../submission/SubmitCard';
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
  const board = useBoardName();
  const exists = useBoardExists(board);
  useEffect(() => {
    document.title = board === DEFAULT_BOARD ? 'Leaderboard' : `${board} \u2013 Leaderboard`;
  }, [board]);
  return (
    <>
      {exists === undefined ? <Loading /> : exists ? <Board name={board} /> : <BoardNotFound name={board} />}
      <LiveRegion />
    </>
  );
}

function Loading() {
  return (
    <main className="container message-page" aria-busy="true">
      <p>Loading the board&hellip;</p>
    </main>
  );
}

function Board({ name }: { name: string }) {
  return (
    <>
      <a className="skip-link" href="#board">
        Skip to the standings
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
          Tied players share a rank. The standings refresh every 10 seconds. <a href="/docs">Use the API</a>
        </div>
      </footer>
    </>
  );
}
