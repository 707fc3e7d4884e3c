import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createQueryClient } from '../../api/queryClient';
import { KeyDialog } from '../../key/KeyDialog';
import { ErrorBoundary } from '../../ui/ErrorBoundary';
import { LiveRegion } from '../../ui/LiveRegion';
import { Done } from '../ui/Done';
import { AdminHeader } from './AdminHeader';
import { Content } from './Content';

/** The console. What it shows is in the address. */
export function AdminApp() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary what="The console">
        <a className="skip-link" href="#content">
          Skip to the content
        </a>
        <AdminHeader />
        <main className="container" id="content" tabIndex={-1}>
          <KeyDialog />
          <Done />
          <Content />
        </main>
        <LiveRegion />
      </ErrorBoundary>
    </QueryClientProvider>
  );
}
