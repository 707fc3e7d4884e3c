/** GET /api/leaderboard/boards: how many players there are, and which scores count. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useBoardName } from '../app/location';
import { call } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Board = components['schemas']['Board'];

export async function fetchBoards(signal?: AbortSignal): Promise<Board[]> {
  return (await call<Board[]>('/api/leaderboard/boards', { signal })).data;
}

function boardsOptions() {
  return queryOptions({
    queryKey: ['boards'],
    queryFn: ({ signal }) => fetchBoards(signal),
  });
}

/** All boards, kept live. For one component: every user of an interval has one of its own. */
export function useLiveBoards() {
  return useQuery({ ...boardsOptions(), refetchInterval: liveInterval });
}

/** All boards as `useLiveBoards` keeps them. */
export function useBoards() {
  return useQuery(boardsOptions());
}

/** The board that is shown; undefined while it is not known, and where there is none. */
export function useBoard(): Board | undefined {
  const name = useBoardName();
  return useBoards().data?.find(({ board }) => board === name);
}
