/** GET /api/leaderboard/health-report: how the service and its database are. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { liveInterval } from '../../api/queryClient';
import type { components } from '../../api/schema';

export type HealthReport = components['schemas']['HealthReport'];

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => (await call<HealthReport>('/api/leaderboard/health-report', { signal })).data,
    refetchInterval: liveInterval,
  });
}
