/** GET /api/leaderboard/distribution: the number of players by range of totals. */

import { useQuery } from '@tanstack/react-query';
import type { View } from '../lib/location';
import { useView } from '../lib/location';
import { call, onView } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Bucket = components['schemas']['Bucket'];

const BUCKETS = 40;

async function fetchDistribution(view: View, signal: AbortSignal): Promise<Bucket[]> {
  const path = onView(`/api/leaderboard/distribution?buckets=${BUCKETS}`, view);
  return (await call<Bucket[]>(path, { signal })).data;
}

export function useDistribution() {
  const view = useView();
  return useQuery({
    queryKey: ['distribution', view],
    queryFn: ({ signal }) => fetchDistribution(view, signal),
    refetchInterval: liveInterval,
  });
}
