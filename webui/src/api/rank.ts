/** GET /api/leaderboard/rank/{user_id}: a player's total, live rank and percentile. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import type { View } from '../lib/location';
import { useView } from '../lib/location';
import { useAccess } from './access';
import { call, onView } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type PlayerRank = components['schemas']['PlayerRank'];

async function fetchRank(view: View, userId: number, signal: AbortSignal): Promise<PlayerRank> {
  return (await call<PlayerRank>(onView(`/api/leaderboard/rank/${userId}`, view), { signal })).data;
}

function rankOptions(view: View, userId: number) {
  return queryOptions({
    queryKey: ['rank', view, userId],
    queryFn: ({ signal }) => fetchRank(view, userId, signal),
  });
}

/** A player, refreshed live. For one component only: each use has a timer of its own. */
export function useLiveRank(userId: number) {
  return useQuery({ ...rankOptions(useView(), userId), refetchInterval: liveInterval });
}

/** A player, without a timer of its own. */
export function useRank(userId: number) {
  return useQuery(rankOptions(useView(), userId));
}

/** The name of the player of an answer, which has it only if a name was sent; undefined if this page may not read it. */
export function useNameOf({ user_id: userId, username }: { user_id: number; username?: string }): string | undefined {
  const mayRead = useAccess().data?.read === true;
  const { data } = useQuery({ ...rankOptions(useView(), userId), enabled: username === undefined && mayRead });
  return username ?? data?.username;
}
