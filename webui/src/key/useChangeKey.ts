import { useQueryClient } from '@tanstack/react-query';
import { setKey } from './key';

/** Uses another key, or none, and asks for everything that is shown at once. */
export function useChangeKey() {
  const client = useQueryClient();
  return async (key: string | null) => {
    setKey(key);
    // A call under way carries the key of before, and its answer would be taken for that to the new one.
    await client.cancelQueries();
    // Whoever forgets the key leaves nothing behind that was shown by it.
    await (key === null ? client.resetQueries() : client.invalidateQueries());
  };
}
