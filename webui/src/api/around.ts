/** GET /api/leaderboard/around/{user_id}: a player with the neighbours above and below. */

import { useQuery } from '@tanstack/react-query';
import type { View } from '../lib/location';
import { useView } from '../lib/location';
import { call, onView } from './client';
import { liveInterval } from './queryClient';
import type { Standing } from './standing';

const SPAN = 3;

async function fetchAround(view: View, userId: number, signal: AbortSignal): Promise<Standing[]> {
  const path = onView(`/api/leaderboard/around/${userId}?span=${SPAN}`, view);
  return (await call<Standing[]>(path, { signal })).data;
}

export function useAround(userId: number) {
  const view = useView();
  return useQuery({
    queryKey: ['around', view, userId],
    queryFn: ({ signal }) => fetchAround(view, userId, signal),
    refetchInterval: liveInterval,
  });
}
