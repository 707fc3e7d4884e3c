/** GET /api/leaderboard/players/{user_id}/history: a player's standing at the end of each day, and now. */

import { useQuery } from '@tanstack/react-query';
import { call, onBoard } from './client';
import { playerPath } from './profile';
import { retryInterval } from './queryClient';

export interface HistoryPoint {
  at: string;
  rank: number;
  players: number;
  total_score: number;
  display?: string | null;
}

/** How often the history is asked for again: its last point is that of now. */
const REFRESH_MS = 60_000;

export function useHistory(player: string, board: string, season: string | null) {
  const query = season === null ? '' : `?season=${encodeURIComponent(season)}`;
  return useQuery({
    queryKey: ['history', board, season, player],
    queryFn: async ({ signal }) =>
      (await call<HistoryPoint[]>(onBoard(playerPath(player, `/history${query}`), board), { signal })).data,
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : REFRESH_MS),
  });
}
