/** Lists that the service answers page by page. The Link header has the address of the next page. */

import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { parseNext } from '../../api/link';
import { retryInterval } from '../../api/queryClient';

/** The rows of a list, and how to get more of them. `path` is the address of the first page. */
export function usePaged<T>(path: string, isEnabled = true) {
  const query = useInfiniteQuery({
    queryKey: ['paged', path],
    queryFn: async ({ pageParam, signal }) => {
      const { data, headers } = await call<T[]>(pageParam, { signal });
      return { rows: data, next: parseNext(headers.get('Link')) };
    },
    initialPageParam: path,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : false),
    enabled: isEnabled,
  });
  return { ...query, rows: query.data?.pages.flatMap(({ rows }) => rows) };
}

export type Paged<T> = ReturnType<typeof usePaged<T>>;

/** Adds parameters to a path. Empty and missing ones are left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}
