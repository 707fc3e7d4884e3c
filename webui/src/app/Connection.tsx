import { useEffect, useRef } from 'react';
import { messageOf, UnreachableError } from '../api/client';
import { RETRY_MS } from '../api/queryClient';
import { useTop } from '../api/top';
import { announce } from './announcer';
import { clock } from './format';
import { Notice } from './Notice';

/** Says when what is shown is not current any more, and why. */
export function Connection() {
  const { error, data, dataUpdatedAt, isError } = useTop();
  const wasDown = useRef(false);

  useEffect(() => {
    if (isError) {
      wasDown.current = true;
    } else if (wasDown.current && data) {
      wasDown.current = false;
      announce('The server is back. The standings are live again.');
    }
  }, [isError, data]);

  if (!error || !data) return null;
  return (
    <Notice variant="warning" className="connection">
      <strong>
        {error instanceof UnreachableError
          ? messageOf(error)
          : `The standings cannot be refreshed: ${messageOf(error)}`}
      </strong>{' '}
      These are the standings of {clock(dataUpdatedAt)}. Trying again every {RETRY_MS / 1000} seconds.
    </Notice>
  );
}
