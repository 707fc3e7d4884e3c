/** GET /api/leaderboard/rank/{user_id}: a player's total, live rank and percentile. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type PlayerRank = components['schemas']['PlayerRank'];

export async function fetchRank(userId: number, signal?: AbortSignal): Promise<PlayerRank> {
  return (await call<PlayerRank>(`/api/leaderboard/rank/${userId}`, { signal })).data;
}

function rankOptions(userId: number) {
  return queryOptions({
    queryKey: ['rank', userId],
    queryFn: ({ signal }) => fetchRank(userId, signal),
    refetchInterval: liveInterval,
  });
}

export function useRank(userId: number) {
  return useQuery(rankOptions(userId));
}
