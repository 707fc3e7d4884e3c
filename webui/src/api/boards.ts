/** GET /api/leaderboard/boards: how many players there are, and which scores count. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Board = components['schemas']['Board'];

/** The board that this page shows. */
const SHOWN = 'overall';

export async function fetchBoards(signal?: AbortSignal): Promise<Board[]> {
  return (await call<Board[]>('/api/leaderboard/boards', { signal })).data;
}

function boardsOptions() {
  return queryOptions({
    queryKey: ['boards'],
    queryFn: ({ signal }) => fetchBoards(signal),
  });
}

/** The shown board, kept live. For one component: every user of an interval has one of its own. */
export function useLiveBoard() {
  return useQuery({ ...boardsOptions(), select: shown, refetchInterval: liveInterval });
}

/** The shown board as `useLiveBoard` keeps it. */
export function useBoard() {
  return useQuery({ ...boardsOptions(), select: shown });
}

function shown(boards: Board[]): Board | undefined {
  return boards.find(({ board }) => board === SHOWN);
}
