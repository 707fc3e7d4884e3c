import { useEffect } from 'react';
import { asksForKey } from '../api/client';
import { onKeyChange } from './key';

/** Takes back what a mutation said of the key once there is another one. */
export function useResetWithKey({ error, reset }: { error: Error | null; reset: () => void }): void {
  useEffect(
    () =>
      onKeyChange(() => {
        if (asksForKey(error)) reset();
      }),
    [error, reset],
  );
}
