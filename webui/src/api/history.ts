/** GET /api/leaderboard/players/{user_id}/history: a player's standing at the end of each day, and now. */

import { useQuery } from '@tanstack/react-query';
import { call, onBoard } from './client';
import { playerPath } from './profile';
import { retryInterval } from './queryClient';
import type { components } from './schema';

export type HistoryPoint = components['schemas']['PastRank'];

/** As many days as the service gives at most, with some room for its clock. */
const DAYS = 365;
const DAY_MS = 86_400_000;
/** How often the history is asked for again: its last point is that of now. */
const REFRESH_MS = 60_000;

async function fetchHistory(player: string, board: string, season: string | null, signal: AbortSignal) {
  const query = new URLSearchParams({ from: new Date(Date.now() - DAYS * DAY_MS).toISOString() });
  if (season !== null) query.set('season', season);
  const path = onBoard(playerPath(player, `/history?${query.toString()}`), board);
  return (await call<HistoryPoint[]>(path, { signal })).data;
}

export function useHistory(player: string, board: string, season: string | null) {
  return useQuery({
    queryKey: ['history', board, season, player],
    queryFn: ({ signal }) => fetchHistory(player, board, season, signal),
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : REFRESH_MS),
  });
}
