import { useRef } from 'react';
import { Card } from '../ui/Card';
import { EnterKeyButton } from '../ui/EnterKeyButton';
import { SubmitForm } from './SubmitForm';
import { SubmitResult } from './SubmitResult';
import { useLockReason } from './useLockReason';
import { useSubmitForm } from './useSubmitForm';

export function SubmitCard() {
  const form = useRef<HTMLFormElement>(null);
  const state = useSubmitForm(form);
  const lockReason = useLockReason();
  const hasInput = state.values.userId !== '' || state.values.score !== '';
  return (
    <Card id="submit-title" title="Submit a score">
      <div className="card-body" data-testid={lockReason === undefined ? undefined : 'locked'}>
        {lockReason === undefined ? (
          <SubmitForm form={form} state={state} />
        ) : (
          <>
            <p>
              {lockReason} {hasInput && 'Your input is kept until then.'}
            </p>
            <EnterKeyButton />
          </>
        )}
        {state.result && <SubmitResult {...state.result} />}
      </div>
    </Card>
  );
}
