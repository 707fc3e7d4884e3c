/** One live region for the whole page: what changed is told to those who do not see it change. */

import { useSyncExternalStore } from 'react';

let text = '';
const listeners = new Set<() => void>();

export function announce(message: string): void {
  // A screen reader keeps silent about a text that is the same as before.
  text = message === text ? `${message}\u00a0` : message;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function LiveRegion() {
  const message = useSyncExternalStore(subscribe, () => text);
  return (
    <div role="status" aria-live="polite" className="visually-hidden" data-testid="live">
      {message}
    </div>
  );
}
