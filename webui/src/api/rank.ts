/** GET /api/leaderboard/rank/{user_id}: a player's total, live rank and percentile. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useBoardName } from '../lib/location';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type PlayerRank = components['schemas']['PlayerRank'];

async function fetchRank(board: string, userId: number, signal: AbortSignal): Promise<PlayerRank> {
  return (await call<PlayerRank>(onBoard(`/api/leaderboard/rank/${userId}`, board), { signal })).data;
}

function rankOptions(board: string, userId: number) {
  return queryOptions({
    queryKey: ['rank', board, userId],
    queryFn: ({ signal }) => fetchRank(board, userId, signal),
  });
}

/** A player, refreshed live. For one component only: each use has a timer of its own. */
export function useLiveRank(userId: number) {
  return useQuery({ ...rankOptions(useBoardName(), userId), refetchInterval: liveInterval });
}

/** A player, without a timer of its own. */
export function useRank(userId: number) {
  return useQuery(rankOptions(useBoardName(), userId));
}
