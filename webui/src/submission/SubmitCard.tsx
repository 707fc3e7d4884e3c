import { useRef } from 'react';
import { useStrings } from '../lib/strings';
import { Card } from '../ui/Card';
import { EnterKeyButton } from '../ui/EnterKeyButton';
import { SubmitForm } from './SubmitForm';
import { SubmitResult } from './SubmitResult';
import { useLockReason } from './useLockReason';
import { useSubmitForm } from './useSubmitForm';
import '../styles/forms.scss';

export function SubmitCard() {
  const t = useStrings();
  const form = useRef<HTMLFormElement>(null);
  const state = useSubmitForm(form);
  const lockReason = useLockReason();
  const hasInput = state.values.userId !== '' || state.values.score !== '';
  return (
    <Card id="submit-title" title={t.submission.title}>
      <div className="card-body" data-testid={lockReason === undefined ? undefined : 'locked'}>
        {lockReason === undefined ? (
          <SubmitForm form={form} state={state} />
        ) : (
          <>
            <p>
              {lockReason} {hasInput && t.submission.inputIsKept}
            </p>
            <EnterKeyButton />
          </>
        )}
        {state.result && <SubmitResult {...state.result} />}
      </div>
    </Card>
  );
}
