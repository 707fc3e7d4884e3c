import type { RefObject } from 'react';
import { ApiError, UnreachableError } from '../api/errors';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { ErrorMessage } from '../ui/ErrorMessage';
import { Notice } from '../ui/Notice';
import { ModeFields } from './ModeFields';
import { TextField } from './TextField';
import type { SubmitFormState } from './useSubmitForm';
import { fieldOf } from './validation';

/** Whether to offer a retry: nothing was recorded, or that is not known. */
function canRetry(error: Error | null): boolean {
  if (!(error instanceof ApiError)) return error instanceof UnreachableError;
  return error.status >= 500 || error.status === 429;
}

interface Props {
  form: RefObject<HTMLFormElement | null>;
  state: SubmitFormState;
}

export function SubmitForm({ form, state }: Props) {
  const t = useStrings();
  const { error, isPending } = state;
  const isShownAtField = error instanceof ApiError && fieldOf(error.code) !== undefined;
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        state.send();
      }}
    >
      <div className="row">
        <TextField field="userId" label={t.submission.playerId} isNumber state={state} />
        <TextField field="score" label={t.submission.score} isNumber state={state} />
        <ModeFields state={state} />
        <TextField field="username" label={t.submission.name} placeholder={t.submission.newPlayers} state={state} />
      </div>
      <div className="submit-line">
        <Button type="submit" disabled={isPending} className="submit-button">
          {isPending ? t.submission.submitting : canRetry(error) ? t.submission.tryAgain : t.submission.submit}
        </Button>
      </div>
      {error && !isShownAtField && (
        <Notice variant="danger" className="mt-3 mb-0">
          <ErrorMessage error={error}>{canRetry(error) && t.submission.safeToRetry}</ErrorMessage>
        </Notice>
      )}
    </form>
  );
}
