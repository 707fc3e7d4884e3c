import { useState } from 'react';

/**
 * The error of a query, also while it is retried. Without data TanStack Query reports a retry as pending, so the
 * page would switch between the error and the skeleton every few seconds.
 */
export function useLastError({ error, isSuccess }: { error: Error | null; isSuccess: boolean }): Error | null {
  const [last, setLast] = useState<Error | null>(null);
  const current = error ?? (isSuccess ? null : last);
  if (current !== last) setLast(current);
  return current;
}
