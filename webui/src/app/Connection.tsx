import { useEffect, useRef } from 'react';
import { asksForKey, messageOf, UnreachableError } from '../api/client';
import { retryInterval } from '../api/queryClient';
import { useTop } from '../api/top';
import { AskForKey } from '../key/Trouble';
import { announce } from './announcer';
import { clock } from './format';
import { Notice } from './Notice';

/** Says when what is shown is not current any more, and why. */
export function Connection() {
  const { error, data, dataUpdatedAt } = useTop();
  const wasDown = useRef(false);

  useEffect(() => {
    if (error) {
      wasDown.current = !asksForKey(error);
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
        {messageOf(error)}
      </strong>{' '}
      These are the standings of {clock(dataUpdatedAt)}.{' '}
      {asksForKey(error) ? <AskForKey /> : `Trying again every ${retryInterval(error) / 1000} seconds.`}
    </Notice>
  );
}
