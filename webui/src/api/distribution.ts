/** GET /api/leaderboard/distribution: the number of players by range of totals. */

import { useQuery } from '@tanstack/react-query';
import { useBoardName } from '../lib/location';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Bucket = components['schemas']['Bucket'];

const BUCKETS = 40;

async function fetchDistribution(board: string, signal: AbortSignal): Promise<Bucket[]> {
  const path = onBoard(`/api/leaderboard/distribution?buckets=${BUCKETS}`, board);
  return (await call<Bucket[]>(path, { signal })).data;
}

export function useDistribution() {
  const board = useBoardName();
  return useQuery({
    queryKey: ['distribution', board],
    queryFn: ({ signal }) => fetchDistribution(board, signal),
    refetchInterval: liveInterval,
  });
}
