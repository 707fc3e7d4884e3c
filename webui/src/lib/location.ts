/**
 * The address holds what the page shows, so that it can be shared and reloaded: the player, `?player=123`, and the
 * board, `?board=name`, unless it is the default one.
 */

import { useSyncExternalStore } from 'react';

export const DEFAULT_BOARD = 'overall';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('popstate', listener);
  };
}

function readParam(name: string): string | null {
  return new URLSearchParams(window.location.search).get(name);
}

function readBoard(): string {
  const name = readParam('board');
  return name === null || name === '' ? DEFAULT_BOARD : name;
}

/** The player parameter, unchecked; null when there is none. */
export function usePlayerParam(): string | null {
  return useSyncExternalStore(subscribe, () => readParam('player'));
}

/** The name of the board in the address, which need not exist. */
export function useBoardName(): string {
  return useSyncExternalStore(subscribe, readBoard);
}

/** The address of another board; the player stays. */
export function boardHref(board: string): string {
  return hrefWith('board', board === DEFAULT_BOARD ? null : board);
}

export function showBoard(board: string): void {
  navigate(boardHref(board));
}

/** Shows a player, or none. The browser's back button returns to the previous one. */
export function showPlayer(userId: number | null): void {
  navigate(hrefWith('player', userId === null ? null : String(userId)));
}

function hrefWith(param: string, value: string | null): string {
  const url = new URL(window.location.href);
  if (value === null) url.searchParams.delete(param);
  else url.searchParams.set(param, value);
  return url.href;
}

function navigate(href: string): void {
  if (href === window.location.href) return;
  window.history.pushState(null, '', href);
  // pushState itself fires no event.
  window.dispatchEvent(new PopStateEvent('popstate'));
}
