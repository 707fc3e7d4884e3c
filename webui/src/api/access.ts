/** GET /api/leaderboard/access: what the calls of this page may do, with the API key in use or without one. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from './client';
import { retryInterval } from './queryClient';
import type { components } from './schema';

export type Access = components['schemas']['Access'];

const KEY = ['access'] as const;

async function fetchAccess(signal?: AbortSignal): Promise<Access> {
  return (await call<Access>('/api/leaderboard/access', { signal })).data;
}

function accessOptions() {
  return queryOptions({
    queryKey: KEY,
    queryFn: ({ signal }) => fetchAccess(signal),
    // What changes it, a key or a refusal, has it asked for anew.
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : false),
  });
}

export function useAccess() {
  return useQuery(accessOptions());
}
