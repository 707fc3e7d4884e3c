import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { createQueryClient } from '../api/queryClient';
import { playerInPath } from '../lib/playerAddress';
import { useStrings } from '../lib/strings';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { LeaderboardPage } from './LeaderboardPage';
import { PageNotFound } from './PageNotFound';

const PlayerPage = lazy(() => import('./PlayerPage'));

export function App() {
  const [client] = useState(createQueryClient);
  // Renders everything again when the language changes.
  const t = useStrings();
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary what={t.app.thisPage}>
        <Page path={window.location.pathname} />
      </ErrorBoundary>
    </QueryClientProvider>
  );
}

function Page({ path }: { path: string }) {
  if (path === '/') return <LeaderboardPage />;
  const player = playerInPath(path);
  if (player === null) return <PageNotFound />;
  return (
    <Suspense>
      <PlayerPage player={player} />
    </Suspense>
  );
}
