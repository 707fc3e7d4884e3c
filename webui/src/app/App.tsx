import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import Container from 'react-bootstrap/Container';
import { useBoards, useLiveBoards } from '../api/boards';
import { createQueryClient } from '../api/queryClient';
import { BoardCard } from '../board/BoardCard';
import { PlayerCard } from '../player/PlayerCard';
import { DistributionCard } from '../player/DistributionCard';
import { KeyDialog } from '../key/KeyDialog';
import { SubmitCard } from '../submission/SubmitCard';
import { LiveRegion } from './announcer';
import { Boards } from './Boards';
import { Connection } from './Connection';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';
import { FIRST_BOARD, useBoardName } from './location';

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary what="This page">
        {window.location.pathname === '/' ? <Standings /> : <NoSuchPage />}
      </ErrorBoundary>
    </QueryClientProvider>
  );
}

/**
 * Whether there is a board of that name. A name from the address is asked about before anything of it is asked for;
 * where nobody answers that, every part of the page tells its own failure.
 */
function useKnown(name: string): boolean | undefined {
  const { data, isError } = useBoards();
  const [settled, setSettled] = useState<string>();
  const known = data
    ? data.some(({ board }) => board === name)
    : name === FIRST_BOARD || isError || undefined;
  if (known !== undefined && settled !== name) setSettled(name);
  // The boards are asked for anew after another key: what is typed stays meanwhile.
  return known ?? (settled === name || undefined);
}

function Standings() {
  const board = useBoardName();
  const known = useKnown(board);
  useEffect(() => {
    document.title = board === FIRST_BOARD ? 'Leaderboard' : `${board} \u2013 Leaderboard`;
  }, [board]);
  if (known === undefined) return <Asking />;
  if (!known) return <NoSuchBoard name={board} />;
  return (
    <>
      <a className="skip-link" href="#board">
        Skip to the standings
      </a>
      <Header />
      <Container as="main">
        <KeyDialog />
        <Connection />
        <div className="layout">
          {/* Of another board nothing stays, but for what was typed to be submitted. */}
          <BoardCard key={`board ${board}`} />
          <div className="side">
            <SubmitCard />
            <PlayerCard key={`player ${board}`} />
          </div>
          <DistributionCard key={`distribution ${board}`} />
        </div>
      </Container>
      <footer>
        <Container>
          Ties share a rank. The standings refresh by themselves every 10 seconds.{' '}
          <a href="/docs">Use the API</a>
        </Container>
      </footer>
      <LiveRegion />
    </>
  );
}

function Asking() {
  return (
    <Container as="main" className="no-such-page" aria-busy="true">
      <p>Looking for the board&hellip;</p>
      <LiveRegion />
    </Container>
  );
}

function NoSuchBoard({ name }: { name: string }) {
  const boards = useLiveBoards().data ?? [];
  return (
    <Container as="main" className="no-such-page">
      <h1>There is no board {name}</h1>
      <p>{boards.length > 1 ? 'These are the boards there are:' : 'This is the board there is:'}</p>
      <Boards boards={boards} shown={name} />
      <LiveRegion />
    </Container>
  );
}

function NoSuchPage() {
  useEffect(() => {
    document.title = 'There is no such page \u2013 Leaderboard';
  }, []);
  return (
    <Container as="main" className="no-such-page">
      <h1>There is no such page</h1>
      <p>
        Nothing is at <code>{window.location.pathname}</code>.
      </p>
      <a className="btn btn-primary" href="/">
        To the standings
      </a>
    </Container>
  );
}
