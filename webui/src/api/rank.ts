/** GET /api/leaderboard/rank/{user_id}: a player's total, live rank and percentile. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useBoardName } from '../app/location';
import { ApiError, call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type PlayerRank = components['schemas']['PlayerRank'];

export async function fetchRank(board: string, userId: number, signal?: AbortSignal): Promise<PlayerRank> {
  return (await call<PlayerRank>(onBoard(`/api/leaderboard/rank/${userId}`, board), { signal })).data;
}

function rankOptions(board: string, userId: number) {
  return queryOptions({
    queryKey: ['rank', board, userId],
    queryFn: ({ signal }) => fetchRank(board, userId, signal),
  });
}

/** A player, kept live. For the one component that shows it. */
export function useLiveRank(userId: number) {
  return useQuery({ ...rankOptions(useBoardName(), userId), refetchInterval: liveInterval });
}

/** A player as `useLiveRank` keeps it. */
export function useRank(userId: number) {
  return useQuery(rankOptions(useBoardName(), userId));
}

/** Whether the service answered that no such player is on the board. */
export function isUnknown(error: Error | null): boolean {
  return error instanceof ApiError && error.code === 'unknown_player';
}
