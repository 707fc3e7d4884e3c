/** GET /api/leaderboard/around/{user_id}: a player among the neighbours above and below. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from './client';
import { liveInterval } from './queryClient';
import type { Standing } from './top';

const SPAN = 3;

export async function fetchAround(userId: number, signal?: AbortSignal): Promise<Standing[]> {
  return (await call<Standing[]>(`/api/leaderboard/around/${userId}?span=${SPAN}`, { signal })).data;
}

function aroundOptions(userId: number) {
  return queryOptions({
    queryKey: ['around', userId],
    queryFn: ({ signal }) => fetchAround(userId, signal),
    refetchInterval: liveInterval,
  });
}

/** `known`: whether the player is there at all; who is not has no neighbours to ask for. */
export function useAround(userId: number, known: boolean) {
  return useQuery({ ...aroundOptions(userId), enabled: known });
}
