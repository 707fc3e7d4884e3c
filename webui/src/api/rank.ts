/** GET /api/leaderboard/rank/{user_id}: a player's total, live rank and percentile. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError, call } from './client';
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
  });
}

/** A player, kept live. For the one component that shows it. */
export function useLiveRank(userId: number) {
  return useQuery({ ...rankOptions(userId), refetchInterval: liveInterval });
}

/** A player as `useLiveRank` keeps it. */
export function useRank(userId: number) {
  return useQuery(rankOptions(userId));
}

/** Whether the service answered that there is no such player. */
export function isUnknown(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}
