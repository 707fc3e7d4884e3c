/** GET /api/leaderboard/players: players whose name begins like this. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from './client';
import type { components } from './schema';

export type FoundPlayer = components['schemas']['FoundPlayer'];

const LIMIT = 8;

async function fetchPlayers(name: string, signal?: AbortSignal): Promise<FoundPlayer[]> {
  const path = `/api/leaderboard/players?name=${encodeURIComponent(name)}&limit=${LIMIT}`;
  return (await call<FoundPlayer[]>(path, { signal })).data;
}

/** Players whose name begins with `name`; the previous ones while it changes. Asks nothing for an empty name. */
export function usePlayersByName(name: string) {
  return useQuery({
    queryKey: ['players', name],
    queryFn: ({ signal }) => fetchPlayers(name, signal),
    enabled: name !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
