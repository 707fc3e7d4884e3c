/** GET /api/leaderboard/top: the board, its refresh and its further pages. */

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Changes } from '../board/changes';
import { compare } from '../board/changes';
import { useBoardName } from '../app/location';
import { call, onBoard } from './client';
import { liveInterval } from './queryClient';
import type { components } from './schema';

export type Standing = components['schemas']['Standing'];

export const FIRST_PAGE = 10;
export const NEXT_PAGE = 25;
/** The service's own bound of `limit`. */
const MAX_LIMIT = 1000;

interface Page {
  rows: Standing[];
  /** Where the next page is, from the Link header; null after the last one. */
  next: string | null;
}

export interface Top extends Page {
  /** How many rows are shown, were there enough players. A refresh asks for as many. */
  size: number;
  /** What the last refresh changed, by user id. */
  changes: Changes;
  /** How many refreshes there were. */
  refreshes: number;
}

function keyOf(board: string) {
  return ['top', board] as const;
}

export async function fetchPage(address: string, signal?: AbortSignal): Promise<Page> {
  const { data, headers } = await call<Standing[]>(address, { signal });
  return { rows: data, next: nextOf(headers.get('Link')) };
}

/**
 * The first `size` rows, in ONE request up to the service's bound, hence from one snapshot: pages fetched one
 * after another would skip the player who rose past the cut between them and repeat the one who fell.
 */
export async function fetchTop(board: string, size: number, signal?: AbortSignal): Promise<Page> {
  const first = onBoard(`/api/leaderboard/top?limit=${Math.min(size, MAX_LIMIT)}`, board);
  let page = await fetchPage(first, signal);
  while (page.rows.length < size && page.next !== null) {
    page = append(
      page,
      await fetchPage(withLimit(page.next, Math.min(size - page.rows.length, MAX_LIMIT)), signal),
    );
  }
  return page;
}

/** `page` with `following` after it. Who is in both has moved in between, and stands where he is now. */
export function append(page: Page, following: Page): Page {
  const moved = new Set(following.rows.map((row) => row.user_id));
  return {
    rows: [...page.rows.filter((row) => !moved.has(row.user_id)), ...following.rows],
    next: following.next,
  };
}

/** The address of `rel="next"` in a Link header (RFC 8288). */
export function nextOf(link: string | null): string | null {
  return link?.match(/<([^>]*)>[^<]*;\s*rel="?next"?/)?.[1] ?? null;
}

function withLimit(address: string, limit: number): string {
  return address.replace(/([?&]limit=)\d+/, `$1${limit}`);
}

function topOptions(board: string) {
  const queryKey = keyOf(board);
  return queryOptions({
    queryKey,
    queryFn: async ({ client, signal }): Promise<Top> => {
      const before = client.getQueryData<Top>(queryKey);
      const size = before?.size ?? FIRST_PAGE;
      const page = await fetchTop(board, size, signal);
      const changes = before ? compare(before.rows, page.rows) : {};
      return { ...page, size, changes, refreshes: (before?.refreshes ?? 0) + 1 };
    },
  });
}

/** The board, kept live. For the one component that shows it: every user of an interval has one of its own. */
export function useLiveTop() {
  return useQuery({ ...topOptions(useBoardName()), refetchInterval: liveInterval });
}

/** The board as `useLiveTop` keeps it. */
export function useTop() {
  return useQuery(topOptions(useBoardName()));
}

/** Appends the page that the Link header names, then refreshes the whole: what moved meanwhile is put right. */
export function useShowMore() {
  const client = useQueryClient();
  const queryKey = keyOf(useBoardName());
  return useMutation({
    mutationFn: async () => {
      // A refresh under way would come back with the old number of rows.
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

/** Back to the first page. Its Link header comes with the refresh, and "show more" with that. */
export function useShowLess() {
  const client = useQueryClient();
  const queryKey = keyOf(useBoardName());
  return async () => {
    await client.cancelQueries({ queryKey });
    client.setQueryData<Top>(
      queryKey,
      (top) =>
        top && { ...top, rows: top.rows.slice(0, FIRST_PAGE), size: FIRST_PAGE, next: null, changes: {} },
    );
    await client.invalidateQueries({ queryKey });
  };
}

/** Asks for everything that is shown at once. Whether the board is current then. */
export function useRefresh() {
  const client = useQueryClient();
  const queryKey = keyOf(useBoardName());
  return async () => {
    await client.invalidateQueries();
    return client.getQueryState(queryKey)?.status === 'success';
  };
}
