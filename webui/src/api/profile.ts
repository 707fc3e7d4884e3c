/** GET /api/leaderboard/players/{user_id}: who a player is. The id may also be one of the game's, such as steam:765. */

import { useQuery } from '@tanstack/react-query';
import { call } from './client';
import { retryInterval } from './queryClient';
import type { components } from './schema';

export type Profile = components['schemas']['Profile'];

/** The path of a call about a player. */
export function playerPath(player: string, rest = ''): string {
  return `/api/leaderboard/players/${encodeURIComponent(player)}${rest}`;
}

export function useProfile(player: string) {
  return useQuery({
    queryKey: ['profile', player],
    queryFn: async ({ signal }) => (await call<Profile>(playerPath(player), { signal })).data,
    // No polling: names hardly ever change. A player who is not there yet may come.
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : false),
  });
}
