/** GET /api/leaderboard/rank/{user_id}: a player's standing on one board or on several. */

import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { PlayerRank } from './rank';

function options(player: string, board: string, season: string | null) {
  const path = `/api/leaderboard/rank/${encodeURIComponent(player)}`;
  const query = season === null ? '' : `?season=${encodeURIComponent(season)}`;
  return queryOptions({
    queryKey: ['rank on', board, season, player],
    queryFn: async ({ signal }) => (await call<PlayerRank>(onBoard(path + query, board), { signal })).data,
  });
}

/** The standing on a board or in a season of it, refreshed live. */
export function useLiveRankOn(player: string, board: string, season: string | null) {
  return useQuery({ ...options(player, board, season), refetchInterval: liveInterval });
}

/** The standings on these boards, without a timer. */
export function useRanksOn(player: string, boards: readonly string[]) {
  return useQueries({ queries: boards.map((board) => options(player, board, null)) });
}
