import { useEffect } from 'react';
import { onKeyChange } from './apiKey';
import { needsKey } from './errors';

/** Clears a mutation's error about the API key once the key changes. */
export function useResetOnKeyChange({ error, reset }: { error: Error | null; reset: () => void }): void {
  useEffect(
    () =>
      onKeyChange(() => {
        if (needsKey(error)) reset();
      }),
    [error, reset],
  );
}
