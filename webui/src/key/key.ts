/**
 * The API key that the calls of this page carry. It is kept for this tab only: localStorage would leave it on a
 * shared computer for whoever comes next, and give it to every other tab.
 */

import { useSyncExternalStore } from 'react';

/** What a key looks like: `lb_`, its id of 12 digits, and its secret of 64, which is never shown again. */
const FORMAT = /^(lb_[\da-f]{12}_)[\da-f]{64}$/;
const STORED = 'api-key';
/** For so long nothing takes a refusal back: calls under way, and processes of the service that do not know yet. */
const REFUSED_MS = 2_000;
const listeners = new Set<() => void>();
let key = read();
/** When the service refused the key in use last; null while it takes it. */
let refusedAt: number | null = null;

function read(): string | null {
  try {
    const stored = sessionStorage.getItem(STORED);
    return stored !== null && isKey(stored) ? stored : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

export function isKey(text: string): boolean {
  return FORMAT.test(text);
}

export function currentKey(): string | null {
  return key;
}

/** Uses a key from now on, or none. What is shown is not asked for anew: `useChangeKey` does that, too. */
export function setKey(changed: string | null): void {
  key = changed;
  refusedAt = null;
  try {
    if (key === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, key);
  } catch {
    // It holds until the page is left.
  }
  tell();
}

/** Notes what an answer says of the key that its call carried. */
export function noteAnswer(carried: string | null, refused: boolean): void {
  if (carried === null || carried !== key) return;
  const before = refusedAt;
  if (refused) refusedAt = Date.now();
  else if (before !== null && Date.now() - before >= REFUSED_MS) refusedAt = null;
  if ((before === null) !== (refusedAt === null)) tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function onKeyChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The part of the key in use that may be shown, `lb_0123456789ab_`; null when there is none. */
export function useKeyId(): string | null {
  return useSyncExternalStore(onKeyChange, () => (key === null ? null : key.replace(FORMAT, '$1')));
}

/** Whether the service refused the key in use, as one that was revoked. */
export function useKeyRefused(): boolean {
  return useSyncExternalStore(onKeyChange, () => refusedAt !== null);
}
