/** GET /api/leaderboard/distribution: players by ranges of totals. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useBoardName } from '../app/location';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Bucket = components['schemas']['Bucket'];

const BUCKETS = 40;

export async function fetchDistribution(board: string, signal?: AbortSignal): Promise<Bucket[]> {
  return (
    await call<Bucket[]>(onBoard(`/api/leaderboard/distribution?buckets=${BUCKETS}`, board), { signal })
  ).data;
}

function distributionOptions(board: string) {
  return queryOptions({
    queryKey: ['distribution', board],
    queryFn: ({ signal }) => fetchDistribution(board, signal),
    refetchInterval: liveInterval,
  });
}

export function useDistribution() {
  return useQuery(distributionOptions(useBoardName()));
}
