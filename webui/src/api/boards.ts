/** GET /api/leaderboard/boards: the boards with their rules and number of players. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useBoardName } from '../lib/location';
import { call } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Board = components['schemas']['Board'];

async function fetchBoards(signal: AbortSignal): Promise<Board[]> {
  return (await call<Board[]>('/api/leaderboard/boards', { signal })).data;
}

const options = queryOptions({ queryKey: ['boards'], queryFn: ({ signal }) => fetchBoards(signal) });

/** All boards, refreshed live. For one component only: each use has a timer of its own. */
export function useLiveBoards() {
  return useQuery({ ...options, refetchInterval: liveInterval });
}

/** All boards, without a timer of its own. */
export function useBoards() {
  return useQuery(options);
}

/** The current board; undefined while loading or if it does not exist. */
export function useBoard(): Board | undefined {
  const name = useBoardName();
  return useBoards().data?.find(({ board }) => board === name);
}
