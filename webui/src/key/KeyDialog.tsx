import { lazy, Suspense } from 'react';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { useKeyDialogOpen } from '../ui/keyDialog';

// Loaded when it is opened: most visitors never need it.
const KeyForm = lazy(() => import('./KeyForm'));

export function KeyDialog() {
  if (!useKeyDialogOpen()) return null;
  return (
    <ErrorBoundary what="The form for the API key">
      <Suspense>
        <KeyForm />
      </Suspense>
    </ErrorBoundary>
  );
}
