/** Whether the form for the API key is open. The header opens it, and whatever a call without a key failed in. */

import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let asking = false;

export function askForKey(wanted: boolean): void {
  asking = wanted;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAsking(): boolean {
  return useSyncExternalStore(subscribe, () => asking);
}
