import { lazy, Suspense } from 'react';
import { useStrings } from '../lib/strings';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { useKeyDialogOpen } from '../ui/keyDialog';

// Loaded when it is opened: most visitors never need it.
const KeyForm = lazy(() => import('./KeyForm'));

export function KeyDialog() {
  const t = useStrings();
  if (!useKeyDialogOpen()) return null;
  return (
    <ErrorBoundary what={t.key.theForm}>
      <Suspense>
        <KeyForm />
      </Suspense>
    </ErrorBoundary>
  );
}
