import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { createQueryClient } from '../api/queryClient';
import { useStrings } from '../lib/strings';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { LeaderboardPage } from './LeaderboardPage';

const PageNotFound = lazy(() => import('./PageNotFound'));
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
  return <Suspense>{path.startsWith('/players/') ? <PlayerPage path={path} /> : <PageNotFound />}</Suspense>;
}
