import { useAccess } from '../api/access';
import { useKeyId } from '../api/apiKey';
import { errorMessage, needsKey } from '../api/errors';
import { useLastError } from '../api/useLastError';

/** Why this page may not submit scores; undefined if it may, or if that is not known. */
export function useLockReason(): string | undefined {
  const access = useAccess();
  const error = useLastError(access);
  const hasKey = useKeyId() !== null;
  if (access.data?.submit === false) {
    return hasKey
      ? 'The current API key may not submit scores.'
      : 'Submitting scores requires an API key, such as the one of the game.';
  }
  return error && needsKey(error) ? errorMessage(error) : undefined;
}
