/** GET /api/leaderboard/around/{user_id}: a player among the neighbours above and below. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useBoardName } from '../app/location';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { Standing } from './top';

const SPAN = 3;

export async function fetchAround(board: string, userId: number, signal?: AbortSignal): Promise<Standing[]> {
  return (
    await call<Standing[]>(onBoard(`/api/leaderboard/around/${userId}?span=${SPAN}`, board), { signal })
  ).data;
}

function aroundOptions(board: string, userId: number) {
  return queryOptions({
    queryKey: ['around', board, userId],
    queryFn: ({ signal }) => fetchAround(board, userId, signal),
    refetchInterval: liveInterval,
  });
}

/** `known`: whether the player is there at all; who is not has no neighbours to ask for. */
export function useAround(userId: number, known: boolean) {
  return useQuery({ ...aroundOptions(useBoardName(), userId), enabled: known });
}
