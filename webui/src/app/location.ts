/** The player who is looked up stands in the address, `?player=123`, so that it can be shared and reloaded. */

import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** What the address says, as it stands there; null when it names no player. */
export function usePlayerInAddress(): string | null {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(window.location.search).get('player'));
}

/** Looks a player up, or nobody. The browser's back leads to who was looked up before. */
export function lookUp(userId: number | null): void {
  const address = new URL(window.location.href);
  if (userId === null) address.searchParams.delete('player');
  else address.searchParams.set('player', String(userId));
  if (address.href === window.location.href) return;
  window.history.pushState(null, '', address);
  for (const listener of listeners) listener();
}
