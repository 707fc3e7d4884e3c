import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isKeyRefused } from './errors';

/** How often live data is refreshed, and how often it is retried while the server is away. */
export const REFRESH_MS = 10_000;
export const RETRY_MS = 3_000;

/** The refetch interval of live data. */
export function liveInterval({ state: { error } }: { state: { error: Error | null } }): number {
  return error ? retryInterval(error) : REFRESH_MS;
}

/** Short while the server is away, to be back soon. A refusal would only be repeated. */
export function retryInterval(error: Error): number {
  if (!(error instanceof ApiError) || error.status >= 500) return RETRY_MS;
  return Math.max(REFRESH_MS, (error.retryAfter ?? 0) * 1000);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      // Drop data that no longer exists or that a refused key had opened. Other failures keep the last data.
      onError(error, query) {
        const isGone = error instanceof ApiError && error.status === 404;
        if (isGone || isKeyRefused(error)) query.setState({ data: undefined });
      },
    }),
    defaultOptions: {
      queries: {
        // The interval retries, so an error is shown at once.
        retry: false,
        // An error message that mounts must not trigger the next request, or the two would loop.
        retryOnMount: false,
        // `navigator.onLine` knows about the cable only, and the server may be on this machine.
        networkMode: 'always',
        // Hidden tabs do not poll, so refresh when one is shown again.
        refetchOnWindowFocus: 'always',
        refetchOnReconnect: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
