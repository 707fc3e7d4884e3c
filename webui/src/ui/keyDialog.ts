/** Whether the dialog for the API key is open. */

import { useSyncExternalStore } from 'react';
import { createStore } from '../lib/store';

const isOpen = createStore(false);

export function openKeyDialog(): void {
  isOpen.set(true);
}

export function closeKeyDialog(): void {
  isOpen.set(false);
}

export function useKeyDialogOpen(): boolean {
  return useSyncExternalStore(isOpen.subscribe, isOpen.get);
}
