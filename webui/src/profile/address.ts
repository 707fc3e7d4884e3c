/** Boards and seasons in the address of a player's page. */

import { useSyncExternalStore } from 'react';
import { DEFAULT_BOARD } from '../lib/location';
import { profileHref } from '../lib/playerAddress';
import type { ProfileStrings } from '../lib/strings/profile';

/** Shows another board, or another season of it, of the same player. The browser's back button returns. */
export function showProfile(player: string, board: string, season: string | null = null): void {
  window.history.pushState(null, '', profileHref(player, board, season));
  // pushState itself fires no event.
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** For links within the page of a player: whether the click is to be handled here, and not by the browser. */
export function isPlainClick(event: React.MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('popstate', listener);
  };
}

function readSeason(): string | null {
  const season = new URLSearchParams(window.location.search).get('season');
  return season === '' ? null : season;
}

/** The season in the address, unchecked; null: the one that runs. */
export function useSeasonParam(): string | null {
  return useSyncExternalStore(subscribe, readSeason);
}

/** A board as people call it. */
export function titleOf(board: string, t: ProfileStrings): string {
  return board === DEFAULT_BOARD ? t.allTime : board;
}
