import { call, lacksScope } from '../api/client';

/**
 * Asks the service for the boards with a key that is not in use yet. Whether the key may read; one that may not is
 * good all the same. Throws what else was answered.
 */
export async function tryKey(key: string, signal: AbortSignal): Promise<boolean> {
  try {
    await call('/api/leaderboard/boards', { key, signal });
    return true;
  } catch (error) {
    if (lacksScope(error)) return false;
    throw error;
  }
}
