/**
 * The API key that this page sends. It is kept in this tab only: localStorage would share it with every other tab
 * and leave it on a shared computer.
 */

import { useSyncExternalStore } from 'react';
import { createStore } from '../lib/store';

/** `lb_`, an id of 12 hex digits, and a secret of 64, which the page never shows. */
const FORMAT = /^(lb_[\da-f]{12}_)[\da-f]{64}$/;
const STORAGE_KEY = 'api-key';
/** A refusal stands at least this long: an older call, or a process that has not heard of it yet, may still succeed. */
const REFUSAL_MS = 2_000;

const store = createStore({ key: readStorage(), refused: false });
let refusedAt = 0;

export const onKeyChange = store.subscribe;

function readStorage(): string | null {
  try {
    const stored = sessionStorage.getItem(STORAGE_KEY);
    return stored !== null && isKey(stored) ? stored : null;
  } catch {
    return null; // storage is disabled
  }
}

export function isKey(text: string): boolean {
  return FORMAT.test(text);
}

export function currentKey(): string | null {
  return store.get().key;
}

/** Sends another key from now on, or none. Does not refetch anything. */
export function setKey(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, key);
  } catch {
    // Storage is disabled: the key lasts until the page is closed.
  }
  store.set({ key, refused: false });
}

/** Records whether the service refused the key that a call sent. */
export function recordKeyAnswer(sentKey: string | null, refused: boolean): void {
  const { key, refused: wasRefused } = store.get();
  if (sentKey === null || sentKey !== key) return;
  if (refused) refusedAt = Date.now();
  else if (Date.now() - refusedAt < REFUSAL_MS) return;
  if (refused !== wasRefused) store.set({ key, refused });
}

/** The part of the current key that may be shown, `lb_0123456789ab_`; null without a key. */
export function useKeyId(): string | null {
  return useSyncExternalStore(store.subscribe, () => currentKey()?.replace(FORMAT, '$1') ?? null);
}

/** Whether the service refused the current key, for example because it was revoked. */
export function useKeyRefused(): boolean {
  return useSyncExternalStore(store.subscribe, () => store.get().refused);
}
