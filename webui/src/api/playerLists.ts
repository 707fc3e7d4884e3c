/** GET /api/leaderboard/players/{user_id}/seasons and /sessions: lists of a player, newest first, page by page. */

import { useInfiniteQuery } from '@tanstack/react-query';
import type { Answer } from './client';
import { call, onBoard } from './client';
import { parseNext } from './link';
import { playerPath } from './profile';
import { retryInterval } from './queryClient';
import type { components } from './schema';

export type PlayerSeason = components['schemas']['PlayerSeason'];
export type PlayedSession = components['schemas']['PlayedSession'];

const PAGE = 10;
const REFRESH_MS = 60_000;

interface Page<T> {
  rows: T[];
  next: string | null;
}

function pageOf<T>({ data, headers }: Answer<T[]>): Page<T> {
  return { rows: data, next: parseNext(headers.get('Link')) };
}

function interval({ state: { error } }: { state: { error: Error | null } }): number {
  return error ? retryInterval(error) : REFRESH_MS;
}

/** The player's results in the seasons of a board. */
export function usePlayerSeasons(player: string, board: string) {
  return useInfiniteQuery({
    queryKey: ['seasons of', board, player],
    queryFn: async ({ pageParam, signal }) => pageOf(await call<PlayerSeason[]>(pageParam, { signal })),
    initialPageParam: onBoard(playerPath(player, `/seasons?limit=${PAGE}`), board),
    getNextPageParam: ({ next }) => next,
    refetchInterval: interval,
  });
}

/** The player's scores. */
export function useSessions(player: string) {
  return useInfiniteQuery({
    queryKey: ['sessions of', player],
    queryFn: async ({ pageParam, signal }) => pageOf(await call<PlayedSession[]>(pageParam, { signal })),
    initialPageParam: playerPath(player, `/sessions?limit=${PAGE}`),
    getNextPageParam: ({ next }) => next,
    refetchInterval: interval,
  });
}
