import { call } from '../api/client';
import { isScopeMissing } from '../api/errors';

/**
 * Checks a key with the service before it is used. Returns whether the key may read; one that may not is valid, too.
 * Throws the error of an invalid key, or of a call that failed otherwise.
 */
export async function checkKey(key: string, signal: AbortSignal): Promise<boolean> {
  try {
    await call('/api/leaderboard/boards', { key, signal });
    return true;
  } catch (error) {
    if (isScopeMissing(error as Error)) return false;
    throw error;
  }
}
