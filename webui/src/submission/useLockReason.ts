import { useAccess } from '../api/access';
import { useKeyId } from '../api/apiKey';
import { errorMessage, needsKey } from '../api/errors';
import { useLastError } from '../api/useLastError';
import { useStrings } from '../lib/strings';

/** Why this page may not submit scores; undefined if it may, or if that is not known. */
export function useLockReason(): string | undefined {
  const { submission } = useStrings();
  const access = useAccess();
  const error = useLastError(access);
  const hasKey = useKeyId() !== null;
  if (access.data?.submit === false) {
    return hasKey ? submission.keyMayNotSubmit : submission.needsKey;
  }
  return error && needsKey(error) ? errorMessage(error) : undefined;
}
