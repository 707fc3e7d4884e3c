import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createQueryClient } from '../api/queryClient';
import { useStrings } from '../lib/strings';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { LeaderboardPage } from './LeaderboardPage';
import { PageNotFound } from './PageNotFound';

export function App() {
  const [client] = useState(createQueryClient);
  // Renders everything again when the language changes.
  const t = useStrings();
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary what={t.app.thisPage}>
        {window.location.pathname === '/' ? <LeaderboardPage /> : <PageNotFound />}
      </ErrorBoundary>
    </QueryClientProvider>
  );
}
