/** GET /api/leaderboard/players: players whose name begins like this. */

import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './client';
import type { components } from './schema';

export type FoundPlayer = components['schemas']['FoundPlayer'];

const LIMIT = 8;

async function fetchPlayers(name: string, signal: AbortSignal): Promise<FoundPlayer[]> {
  const path = `/api/leaderboard/players?name=${encodeURIComponent(name)}&limit=${LIMIT}`;
  return (await call<FoundPlayer[]>(path, { signal })).data;
}

function playersOptions(name: string) {
  return queryOptions({
    queryKey: ['players', name],
    queryFn: ({ signal }) => fetchPlayers(name, signal),
    staleTime: 10_000,
  });
}

/** Players whose name begins with `name`; the previous ones while it changes. Asks nothing for an empty name. */
export function usePlayersByName(name: string) {
  return useQuery({ ...playersOptions(name), enabled: name !== '', placeholderData: keepPreviousData });
}

/** Looks a name up at once. Throws the error of the call. */
export function useFindPlayers(): (name: string) => Promise<FoundPlayer[]> {
  const client = useQueryClient();
  return (name) => client.query(playersOptions(name));
}
