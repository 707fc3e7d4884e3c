/** GET /api/leaderboard/around/{user_id}: a player with the neighbours above and below. */

import { useQuery } from '@tanstack/react-query';
import { useBoardName } from '../lib/location';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { Standing } from './standing';

const SPAN = 3;

async function fetchAround(board: string, userId: number, signal: AbortSignal): Promise<Standing[]> {
  const path = onBoard(`/api/leaderboard/around/${userId}?span=${SPAN}`, board);
  return (await call<Standing[]>(path, { signal })).data;
}

export function useAround(userId: number) {
  const board = useBoardName();
  return useQuery({
    queryKey: ['around', board, userId],
    queryFn: ({ signal }) => fetchAround(board, userId, signal),
    refetchInterval: liveInterval,
  });
}
