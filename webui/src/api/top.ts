/** GET /api/leaderboard/top: the board, its refresh and its further pages. */

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Changes } from '../board/changes';
import { compare } from '../board/changes';
import { call } from './client';
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

const KEY = ['top'] as const;

export async function fetchPage(address: string, signal?: AbortSignal): Promise<Page> {
  const { data, headers } = await call<Standing[]>(address, { signal });
  return { rows: data, next: nextOf(headers.get('Link')) };
}

/**
 * The first `size` rows, in ONE request up to the service's bound, hence from one snapshot: pages fetched one
 * after another would skip the player who rose past the cut between them and repeat the one who fell.
 */
export async function fetchTop(size: number, signal?: AbortSignal): Promise<Page> {
  let page = await fetchPage(`/api/leaderboard/top?limit=${Math.min(size, MAX_LIMIT)}`, signal);
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

function topOptions() {
  return queryOptions({
    queryKey: KEY,
    queryFn: async ({ client, signal }): Promise<Top> => {
      const before = client.getQueryData<Top>(KEY);
      const size = before?.size ?? FIRST_PAGE;
      const page = await fetchTop(size, signal);
      const changes = before ? compare(before.rows, page.rows) : {};
      return { ...page, size, changes, refreshes: (before?.refreshes ?? 0) + 1 };
    },
  });
}

/** The board, kept live. For the one component that shows it: every user of an interval has one of its own. */
export function useLiveTop() {
  return useQuery({ ...topOptions(), refetchInterval: liveInterval });
}

/** The board as `useLiveTop` keeps it. */
export function useTop() {
  return useQuery(topOptions());
}

/** Appends the page that the Link header names, then refreshes the whole: what moved meanwhile is put right. */
export function useShowMore() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      // A refresh under way would come back with the old number of rows.
      await client.cancelQueries({ queryKey: KEY });
      const next = client.getQueryData<Top>(KEY)?.next;
      return next ? fetchPage(withLimit(next, NEXT_PAGE)) : null;
    },
    onSuccess: (following) => {
      if (following === null) return;
      client.setQueryData<Top>(
        KEY,
        (top) => top && { ...top, ...append(top, following), size: top.size + NEXT_PAGE, changes: {} },
      );
      void client.invalidateQueries({ queryKey: KEY });
    },
  });
}

/** Back to the first page. Its Link header comes with the refresh, and "show more" with that. */
export function useShowLess() {
  const client = useQueryClient();
  return async () => {
    await client.cancelQueries({ queryKey: KEY });
    client.setQueryData<Top>(
      KEY,
      (top) =>
        top && { ...top, rows: top.rows.slice(0, FIRST_PAGE), size: FIRST_PAGE, next: null, changes: {} },
    );
    await client.invalidateQueries({ queryKey: KEY });
  };
}

/** Asks for everything that is shown at once. Whether the board is current then. */
export function useRefresh() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries();
    return client.getQueryState(KEY)?.status === 'success';
  };
}
