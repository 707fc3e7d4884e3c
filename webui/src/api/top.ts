/** GET /api/leaderboard/top: the standings, their refresh and their further pages. */

import type { QueryClient } from '@tanstack/react-query';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { View } from '../lib/location';
import { useView } from '../lib/location';
import { call, onView } from './client';
import { parseNext } from './link';
import type { Board } from './boards';
import { useLiveState } from './liveState';
import { liveInterval } from './queryClient';
import type { Changes, Standing } from './standing';
import { compareStandings } from './standing';

export const FIRST_PAGE = 10;
export const NEXT_PAGE = 25;
/** The service's maximum of `limit`. */
const MAX_LIMIT = 1000;
/** What rows show besides name and total: country and avatar. */
const DETAILS = 'include=attributes';

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

export function keyOf(view: View) {
  return ['top', view] as const;
}

export async function fetchPage(path: string, signal?: AbortSignal): Promise<Page> {
  const { data, headers } = await call<Standing[]>(path, { signal });
  return { rows: data, next: parseNext(headers.get('Link')) };
}

/**
 * The first `size` rows, in ONE request up to the service's maximum and so from one snapshot. Pages fetched one by
 * one would skip a player who rises past the cut between two requests, and repeat one who falls.
 */
export async function fetchTop(view: View, size: number, signal?: AbortSignal): Promise<Page> {
  let page = await fetchPage(topPath(view, Math.min(size, MAX_LIMIT)), signal);
  while (page.rows.length < size && page.next !== null) {
    const limit = Math.min(size - page.rows.length, MAX_LIMIT);
    page = append(page, await fetchPage(withLimit(page.next, limit), signal));
  }
  return page;
}

function topPath(view: View, limit: number): string {
  return onView(`/api/leaderboard/top?limit=${limit}&${DETAILS}`, view);
}

/** Joins two pages. A player in both has moved in between, and keeps the later row. */
export function append(page: Page, following: Page): Page {
  const moved = new Set(following.rows.map((row) => row.user_id));
  return {
    rows: [...page.rows.filter((row) => !moved.has(row.user_id)), ...following.rows],
    next: following.next,
  };
}

export function withLimit(path: string, limit: number): string {
  return path.replace(/([?&]limit=)\d+/, `$1${limit}`);
}

function topOptions(view: View) {
  const queryKey = keyOf(view);
  return queryOptions({
    queryKey,
    queryFn: async ({ client, signal }): Promise<Top> => {
      const before = client.getQueryData<Top>(queryKey);
      const size = before?.size ?? FIRST_PAGE;
      const page = await fetchTop(view, size, signal);
      // The rows of another season have not moved: they are others.
      const { dataUpdatedAt = 0 } = client.getQueryState(queryKey) ?? {};
      return refreshed(hasReset(client, view, dataUpdatedAt) ? undefined : before, page, size);
    },
  });
}

/** Whether a new season has begun since then. */
function hasReset(client: QueryClient, { board, season }: View, since: number): boolean {
  if (season !== null) return false;
  const current = client.getQueryData<Board[]>(['boards'])?.find((each) => each.board === board);
  return [current?.season_starts_at, current?.next_reset_at].some((at) => {
    const moment = at ? Date.parse(at) : NaN;
    return since < moment && moment <= Date.now();
  });
}

function refreshed(before: Top | undefined, page: Page, size: number): Top {
  const changes = before ? compareStandings(before.rows, page.rows) : {};
  return { ...page, size, changes, refreshes: (before?.refreshes ?? 0) + 1 };
}

/** Shows the first rows that the stream sent, at most `MAX_STREAMED`. Longer lists are fetched again. */
export function showStreamed(client: QueryClient, view: View, rows: Standing[], isNewSeason: boolean): void {
  const queryKey = keyOf(view);
  const before = client.getQueryData<Top>(queryKey);
  const size = before?.size ?? FIRST_PAGE;
  if (size > MAX_STREAMED) {
    void client.invalidateQueries({ queryKey });
    return;
  }
  // An answer that is still on its way may be older.
  void client.cancelQueries({ queryKey });
  const shown = rows.slice(0, size);
  client.setQueryData<Top>(
    queryKey,
    refreshed(isNewSeason ? undefined : before, { rows: shown, next: nextAfter(view, shown, size) }, size),
  );
}

/** The most rows that a stream sends. */
const MAX_STREAMED = 100;

/** How many rows the page needs from the stream. */
export function useStreamedRows(): number {
  const size = useTop().data?.size ?? FIRST_PAGE;
  return size > MAX_STREAMED ? FIRST_PAGE : size;
}

/** The path of the page after these rows, like the service's Link header; null if these are all. */
function nextAfter(view: View, rows: readonly Standing[], size: number): string | null {
  const last = rows.at(-1);
  if (!last || rows.length < size) return null;
  const place = [last.total_score, ...(last.tie == null ? [] : [last.tie]), last.user_id].join('.');
  return `${topPath(view, NEXT_PAGE)}&after=${place}`;
}

/**
 * The standings, refreshed live: by the stream, or else by a timer. For one component only: each use has a timer of
 * its own.
 */
export function useLiveTop() {
  const view = useView();
  const isLive = useLiveState().state === 'live';
  return useQuery({
    ...topOptions(view),
    refetchInterval: (query) =>
      isLive && !query.state.error && (query.state.data?.size ?? 0) <= MAX_STREAMED ? false : liveInterval(query),
  });
}

/** Rows of another part of the list: from a place on, or around a player. */
export function useRowsAt(place: number | null, userId: number | null) {
  const view = useView();
  const path =
    place === null
      ? `/api/leaderboard/around/${userId}?span=${Math.floor(NEXT_PAGE / 2)}&${DETAILS}`
      : `/api/leaderboard/top?limit=${NEXT_PAGE}&place=${place}&${DETAILS}`;
  return useQuery({
    queryKey: ['rows', view, place, userId],
    queryFn: async ({ signal }) => (await fetchPage(onView(path, view), signal)).rows,
    enabled: place !== null || userId !== null,
    refetchInterval: liveInterval,
  });
}

/** The standings, without a timer of their own. */
export function useTop() {
  return useQuery(topOptions(useView()));
}

/** Refetches everything on the page. Resolves to whether the standings could be refreshed. */
export function useRefresh() {
  const client = useQueryClient();
  const queryKey = keyOf(useView());
  return async () => {
    await client.invalidateQueries();
    return client.getQueryState(queryKey)?.status === 'success';
  };
}
