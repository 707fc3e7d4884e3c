import { QueryClient } from '@tanstack/react-query';

/** How often what is shown is asked for anew, and how often while that fails. */
export const REFRESH_MS = 10_000;
export const RETRY_MS = 3_000;

/** The interval of a query that is shown live: shorter while it fails, so that the page is back soon after the server. */
export function liveInterval(query: { state: { status: string } }): number {
  return query.state.status === 'error' ? RETRY_MS : REFRESH_MS;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
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
