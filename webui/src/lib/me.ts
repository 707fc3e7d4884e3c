/** The player who uses this browser, by their own word: a shortcut, and no proof. Kept in this browser. */

import { useSyncExternalStore } from 'react';
import { createStore } from './store';

const STORAGE_KEY = 'me';

const me = createStore(readStorage());

function readStorage(): number | null {
  try {
    const id = Number(localStorage.getItem(STORAGE_KEY));
    return Number.isSafeInteger(id) && id > 0 ? id : null;
  } catch {
    return null; // storage is disabled
  }
}

export function useMe(): number | null {
  return useSyncExternalStore(me.subscribe, me.get);
}

export function setMe(userId: number | null): void {
  try {
    if (userId === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, String(userId));
  } catch {
    // Storage is disabled: the choice lasts until the page is closed.
  }
  me.set(userId);
}
