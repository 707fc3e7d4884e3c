import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, refusesKey } from './client';

/** How often what is shown is asked for anew, and how often while no right answer comes. */
export const REFRESH_MS = 10_000;
export const RETRY_MS = 3_000;

/** The interval of a query that is shown live. */
export function liveInterval({ state: { error } }: { state: { error: Error | null } }): number {
  return error ? retryInterval(error) : REFRESH_MS;
}

/** Shorter while the server is away, so that the page is back soon after it. What it refused it would refuse again. */
export function retryInterval(error: Error): number {
  if (!(error instanceof ApiError) || error.status >= 500) return RETRY_MS;
  return Math.max(REFRESH_MS, (error.retryAfter ?? 0) * 1000);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      // What a key had opened goes when the key is refused, and what is not there any more. After other failures
      // the last that is known stays.
      onError(error, query) {
        const gone = error instanceof ApiError && error.status === 404;
        if (gone || refusesKey(error)) query.setState({ data: undefined });
      },
    }),
    defaultOptions: {
      queries: {
        // The interval is the retry: it says at once what is wrong instead of trying in silence first.
        retry: false,
        // What appears to tell of a failure must not cause the next try, or they take turns without end.
        retryOnMount: false,
        // `navigator.onLine` knows of the cable, not of the server; and the server may be this very machine.
        networkMode: 'always',
        // TanStack Query holds the interval in a hidden tab; this asks at once when it is shown again.
        refetchOnWindowFocus: 'always',
        refetchOnReconnect: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
