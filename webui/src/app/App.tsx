import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import Container from 'react-bootstrap/Container';
import { createQueryClient } from '../api/queryClient';
import { BoardCard } from '../board/BoardCard';
import { PlayerCard } from '../player/PlayerCard';
import { DistributionCard } from '../player/DistributionCard';
import { KeyDialog } from '../key/KeyDialog';
import { SubmitCard } from '../submission/SubmitCard';
import { LiveRegion } from './announcer';
import { Connection } from './Connection';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';

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

function Standings() {
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
          <BoardCard />
          <div className="side">
            <SubmitCard />
            <PlayerCard />
          </div>
          <DistributionCard />
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

function NoSuchPage() {
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
