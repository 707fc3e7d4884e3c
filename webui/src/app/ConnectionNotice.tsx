import { useEffect, useRef } from 'react';
import { errorMessage, needsKey, UnreachableError } from '../api/errors';
import { retryInterval } from '../api/queryClient';
import { useTop } from '../api/top';
import { clock } from '../lib/format';
import { strings, useStrings } from '../lib/strings';
import { EnterKeyButton } from '../ui/EnterKeyButton';
import { announce } from '../ui/LiveRegion';
import { Notice } from '../ui/Notice';

/** Warns that the standings are out of date, and why. */
export function ConnectionNotice() {
  const t = useStrings();
  const { error, data, dataUpdatedAt } = useTop();
  const wasDown = useRef(false);

  useEffect(() => {
    if (error) {
      wasDown.current = !needsKey(error);
    } else if (wasDown.current && data) {
      wasDown.current = false;
      announce(strings().app.serverIsBack);
    }
  }, [error, data]);

  if (!error || !data) return null;
  return (
    <Notice variant="warning" className="connection">
      <strong>
        {!(error instanceof UnreachableError) && `${t.app.notRefreshed} `}
        {errorMessage(error)}
      </strong>{' '}
      {t.app.standingsOf(clock(dataUpdatedAt))}{' '}
      {needsKey(error) ? <EnterKeyButton /> : t.app.tryingAgainEvery(retryInterval(error) / 1000)}
    </Notice>
  );
}
