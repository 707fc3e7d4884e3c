import { useQueryClient } from '@tanstack/react-query';
import { setKey } from '../api/apiKey';

/**
 * Changes the API key, or removes it, and refetches everything. With `keepData` the data stays until then; otherwise
 * it goes at once, because the new key may not read it.
 */
export function useChangeKey() {
  const client = useQueryClient();
  return async (key: string | null, keepData: boolean) => {
    setKey(key);
    // Running calls carry the old key: their answers must not be used.
    await client.cancelQueries();
    await (keepData ? client.invalidateQueries() : client.resetQueries());
  };
}
