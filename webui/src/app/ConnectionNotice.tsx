import { useEffect, useRef } from 'react';
import { errorMessage, needsKey, UnreachableError } from '../api/errors';
import { retryInterval } from '../api/queryClient';
import { useTop } from '../api/top';
import { clock } from '../lib/format';
import { EnterKeyButton } from '../ui/EnterKeyButton';
import { announce } from '../ui/LiveRegion';
import { Notice } from '../ui/Notice';

/** Warns that the standings are out of date, and why. */
export function ConnectionNotice() {
  const { error, data, dataUpdatedAt } = useTop();
  const wasDown = useRef(false);

  useEffect(() => {
    if (error) {
      wasDown.current = !needsKey(error);
    } else if (wasDown.current && data) {
      wasDown.current = false;
      announce('The server is back. The standings are live again.');
    }
  }, [error, data]);

  if (!error || !data) return null;
  return (
    <Notice variant="warning" className="connection">
      <strong>
        {!(error instanceof UnreachableError) && 'The standings cannot be refreshed: '}
        {errorMessage(error)}
      </strong>{' '}
      These are the standings of {clock(dataUpdatedAt)}.{' '}
      {needsKey(error) ? <EnterKeyButton /> : `Trying again every ${retryInterval(error) / 1000} seconds.`}
    </Notice>
  );
}
