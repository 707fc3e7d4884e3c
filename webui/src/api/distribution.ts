/** GET /api/leaderboard/distribution: players by ranges of totals. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Bucket = components['schemas']['Bucket'];

const BUCKETS = 40;

export async function fetchDistribution(signal?: AbortSignal): Promise<Bucket[]> {
  return (await call<Bucket[]>(`/api/leaderboard/distribution?buckets=${BUCKETS}`, { signal })).data;
}

function distributionOptions() {
  return queryOptions({
    queryKey: ['distribution'],
    queryFn: ({ signal }) => fetchDistribution(signal),
    refetchInterval: liveInterval,
  });
}

export function useDistribution() {
  return useQuery(distributionOptions());
}
