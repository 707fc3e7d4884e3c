/** Further pages of the standings. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useView } from '../lib/location';
import type { Top } from './top';
import { append, fetchPage, FIRST_PAGE, keyOf, NEXT_PAGE, withLimit } from './top';

/** Appends the next page, then refreshes all rows to correct those that moved meanwhile. */
export function useShowMore() {
  const client = useQueryClient();
  const queryKey = keyOf(useView());
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
  const queryKey = keyOf(useView());
  return async () => {
    await client.cancelQueries({ queryKey });
    client.setQueryData<Top>(
      queryKey,
      (top) => top && { ...top, rows: top.rows.slice(0, FIRST_PAGE), size: FIRST_PAGE, next: null, changes: {} },
    );
    await client.invalidateQueries({ queryKey });
  };
}
