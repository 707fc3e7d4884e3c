import { useState } from 'react';

/**
 * Why a query has failed, also while it is tried again: without data TanStack Query counts a new try as pending,
 * and what is shown would change between the failure and a skeleton every few seconds.
 */
export function useFailure({ error, isSuccess }: { error: Error | null; isSuccess: boolean }): Error | null {
  const [last, setLast] = useState<Error | null>(null);
  const failure = error ?? (isSuccess ? null : last);
  if (failure !== last) setLast(failure);
  return failure;
}
