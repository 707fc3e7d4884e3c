import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createQueryClient } from '../api/queryClient';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { LeaderboardPage } from './LeaderboardPage';
import { PageNotFound } from './PageNotFound';

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary what="This page">
        {window.location.pathname === '/' ? <LeaderboardPage /> : <PageNotFound />}
      </ErrorBoundary>
    </QueryClientProvider>
  );
}
