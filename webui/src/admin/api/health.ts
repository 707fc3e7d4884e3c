/** GET /api/leaderboard/health-report: how the service and its database are. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { liveInterval } from '../../api/queryClient';

export interface HealthReport {
  status: 'ready' | 'degraded' | 'unavailable' | 'stopping';
  database: { status: 'up' | 'not_writable' | 'down'; detail: string | null };
  schema: { status: 'current' | 'not_current' | 'not_granted' | 'unknown'; detail: string | null };
  cache: { status: 'up' | 'down'; detail: string | null };
  rank_index: { pending_deltas: number | null; horizon_age: number | null };
  last_verify: { at: string | null; differences: number | null; interval_seconds: number };
  versions: { service: string; postgresql: string | null };
}

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => (await call<HealthReport>('/api/leaderboard/health-report', { signal })).data,
    refetchInterval: liveInterval,
  });
}
