/** GET /api/leaderboard/top: the standings, their refresh and their further pages. */

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useBoardName } from '../lib/location';
import { call, onBoard } from './client';
import { parseNext } from './link';
import { liveInterval } from './queryClient';
import type { Changes, Standing } from './standing';
import { compareStandings } from './standing';

export const FIRST_PAGE = 10;
export const NEXT_PAGE = 25;
/** The service's maximum of `limit`. */
const MAX_LIMIT = 1000;

interface Page {
  rows: Standing[];
  /** The path of the next page, from the Link header; null after the last one. */
  next: string | null;
}

export interface Top extends Page {
  /** How many rows to show if there are enough players. A refresh asks for this many. */
  size: number;
  /** What the last refresh changed, by user id. */
  changes: Changes;
  refreshes: number;
}

function keyOf(board: string) {
  return ['top', board] as const;
}

async function fetchPage(path: string, signal?: AbortSignal): Promise<Page> {
  const { data, headers } = await call<Standing[]>(path, { signal });
  return { rows: data, next: parseNext(headers.get('Link')) };
}

/**
 * The first `size` rows, in ONE request up to the service's maximum and so from one snapshot. Pages fetched one by
 * one would skip a player who rises past the cut between two requests, and repeat one who falls.
 */
export async function fetchTop(board: string, size: number, signal?: AbortSignal): Promise<Page> {
  let page = await fetchPage(onBoard(`/api/leaderboard/top?limit=${Math.min(size, MAX_LIMIT)}`, board), signal);
  while (page.rows.length < size && page.next !== null) {
    const limit = Math.min(size - page.rows.length, MAX_LIMIT);
    page = append(page, await fetchPage(withLimit(page.next, limit), signal));
  }
  return page;
}

/** Joins two pages. A player in both has moved in between, and keeps the later row. */
export function append(page: Page, following: Page): Page {
  const moved = new Set(following.rows.map((row) => row.user_id));
  return {
    rows: [...page.rows.filter((row) => !moved.has(row.user_id)), ...following.rows],
    next: following.next,
  };
}

function withLimit(path: string, limit: number): string {
  return path.replace(/([?&]limit=)\d+/, `$1${limit}`);
}

function topOptions(board: string) {
  const queryKey = keyOf(board);
  return queryOptions({
    queryKey,
    queryFn: async ({ client, signal }): Promise<Top> => {
      const before = client.getQueryData<Top>(queryKey);
      const size = before?.size ?? FIRST_PAGE;
      const page = await fetchTop(board, size, signal);
      const changes = before ? compareStandings(before.rows, page.rows) : {};
      return { ...page, size, changes, refreshes: (before?.refreshes ?? 0) + 1 };
    },
  });
}

/** The standings, refreshed live. For one component only: each use has a timer of its own. */
export function useLiveTop() {
  return useQuery({ ...topOptions(useBoardName()), refetchInterval: liveInterval });
}

/** The standings, without a timer of their own. */
export function useTop() {
  return useQuery(topOptions(useBoardName()));
}

/** Appends the next page, then refreshes all rows to correct those that moved meanwhile. */
export function useShowMore() {
  const client = useQueryClient();
  const queryKey = keyOf(useBoardName());
  return useMutation({
    mutationFn: async () => {
      // A running refresh would return the old number of rows.
      await client.cancelQueries({ queryKey });
      const next = client.getQueryData<Top>(queryKey)?.next;
      return next ? fetchPage(withLimit(next, NEXT_PAGE)) : null;
    },
    onSuccess: (following) => {
      if (following === null) return;
      client.setQueryData<Top>(
        queryKey,
        (top) => top && { ...top, ...append(top, following), size: top.size + NEXT_PAGE, changes: {} },
      );
      void client.invalidateQueries({ queryKey });
    },
  });
}

/** Returns to the first page. Its Link header, and "show more" with it, comes with the refresh. */
export function useShowLess() {
  const client = useQueryClient();
  const queryKey = keyOf(useBoardName());
  return async () => {
    await client.cancelQueries({ queryKey });
    client.setQueryData<Top>(
      queryKey,
      (top) => top && { ...top, rows: top.rows.slice(0, FIRST_PAGE), size: FIRST_PAGE, next: null, changes: {} },
    );
    await client.invalidateQueries({ queryKey });
  };
}

/** Refetches everything on the page. Resolves to whether the standings could be refreshed. */
export function useRefresh() {
  const client = useQueryClient();
  const queryKey = keyOf(useBoardName());
  return async () => {
    await client.invalidateQueries();
    return client.getQueryState(queryKey)?.status === 'success';
  };
}
