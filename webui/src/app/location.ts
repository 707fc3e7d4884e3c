/**
 * What is shown stands in the address, so that it can be shared and reloaded: the player who is looked up,
 * `?player=123`, and the board, `?board=name`, unless it is the one that everybody begins with.
 */

import { useSyncExternalStore } from 'react';

export const FIRST_BOARD = 'overall';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

function read(name: string): string | null {
  return new URLSearchParams(window.location.search).get(name);
}

/** What the address says, as it stands there; null when it names no player. */
export function usePlayerInAddress(): string | null {
  return useSyncExternalStore(subscribe, () => read('player'));
}

function boardNamed(): string {
  const name = read('board');
  return name === null || name === '' ? FIRST_BOARD : name;
}

/** The name of the board that is shown. There need not be one of that name. */
export function useBoardName(): string {
  return useSyncExternalStore(subscribe, boardNamed);
}

/** Where another board is. Who is looked up stays so. */
export function addressOf(board: string): string {
  return changed('board', board === FIRST_BOARD ? null : board).href;
}

/** Looks a player up, or nobody. The browser's back leads to who was looked up before. */
export function lookUp(userId: number | null): void {
  go(changed('player', userId === null ? null : String(userId)));
}

/** Shows another board. */
export function showBoard(board: string): void {
  go(new URL(addressOf(board)));
}

function changed(name: string, value: string | null): URL {
  const address = new URL(window.location.href);
  if (value === null) address.searchParams.delete(name);
  else address.searchParams.set(name, value);
  return address;
}

function go(address: URL): void {
  if (address.href === window.location.href) return;
  window.history.pushState(null, '', address);
  for (const listener of listeners) listener();
}
