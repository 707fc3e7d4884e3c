import { useQueryClient } from '@tanstack/react-query';
import { setKey } from './key';

/**
 * Uses another key, or none, and asks for everything that is shown at once. With `keeps` it stays until the answer:
 * whoever forgets a key, or has another that may not read, leaves nothing behind that was shown by the one of before.
 */
export function useChangeKey() {
  const client = useQueryClient();
  return async (key: string | null, keeps: boolean) => {
    setKey(key);
    // A call under way carries the key of before, and its answer would be taken for that to the new one.
    await client.cancelQueries();
    await (keeps ? client.invalidateQueries() : client.resetQueries());
  };
}
