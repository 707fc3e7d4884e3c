/** The address of a player's page: /players/7?board=daily&season=12. The id may be one of the game's: steam%3A765. */

import { DEFAULT_BOARD } from './location';

/** The player in the path, as it is sent to the service; null if the path is not one of a player. */
export function playerInPath(path: string): string | null {
  const text = /^\/players\/([^/]+)$/.exec(path)?.[1];
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export function profileHref(player: string, board: string, season: string | null = null): string {
  const query = new URLSearchParams();
  if (board !== DEFAULT_BOARD) query.set('board', board);
  if (season !== null) query.set('season', season);
  const text = query.toString();
  return `/players/${encodeURIComponent(player)}${text === '' ? '' : `?${text}`}`;
}
