import type { RefObject } from 'react';
import Button from 'react-bootstrap/Button';
import Row from 'react-bootstrap/Row';
import { useBoard } from '../api/boards';
import { ApiError, UnreachableError } from '../api/errors';
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

export function SubmitForm({ form, state: { values, problems, change, send, isPending, error } }: Props) {
  const board = useBoard();
  const isShownAtField = error instanceof ApiError && fieldOf(error.code) !== undefined;
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Row>
        <TextField
          field="userId"
          label="Player id"
          isNumber
          value={values.userId}
          problem={problems.userId}
          onChange={change}
        />
        <TextField
          field="score"
          label="Score"
          isNumber
          value={values.score}
          problem={problems.score}
          onChange={change}
        />
        <ModeFields
          boardMode={board?.game_mode ?? null}
          value={values.mode}
          problem={problems.mode}
          onChange={change}
        />
        <TextField
          field="username"
          label="Name"
          placeholder="new players"
          value={values.username}
          problem={problems.username}
          onChange={change}
        />
      </Row>
      <div className="submit-line">
        <Button type="submit" disabled={isPending} className="submit-button">
          {isPending ? 'Submitting\u2026' : canRetry(error) ? 'Try again' : 'Submit score'}
        </Button>
      </div>
      {error && !isShownAtField && (
        <Notice variant="danger" className="mt-3 mb-0">
          <ErrorMessage error={error}>
            {canRetry(error) && 'You can safely try again: the score counts once.'}
          </ErrorMessage>
        </Notice>
      )}
    </form>
  );
}
