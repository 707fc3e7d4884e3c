import { lazy, Suspense } from 'react';
import { ErrorBoundary } from '../app/ErrorBoundary';
import { useAsking } from './asking';

// Most visitors never need it, and the page does not wait for it.
const KeyForm = lazy(() => import('./KeyForm'));

/** The form for the API key while somebody wants it. */
export function KeyDialog() {
  if (!useAsking()) return null;
  return (
    <ErrorBoundary what="The form for the API key">
      <Suspense>
        <KeyForm />
      </Suspense>
    </ErrorBoundary>
  );
}
