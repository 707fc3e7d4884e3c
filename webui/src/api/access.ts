/** GET /api/leaderboard/access: what this page may do, with the current API key or without one. */

import { useQuery } from '@tanstack/react-query';
import { call } from './client';
import { retryInterval } from './queryClient';
import type { components } from './schema';

type Access = components['schemas']['Access'];

async function fetchAccess(signal: AbortSignal): Promise<Access> {
  return (await call<Access>('/api/leaderboard/access', { signal })).data;
}

export function useAccess() {
  return useQuery({
    queryKey: ['access'],
    queryFn: ({ signal }) => fetchAccess(signal),
    // No polling: what changes the answer, a new key or a refused submission, invalidates it.
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : false),
  });
}
