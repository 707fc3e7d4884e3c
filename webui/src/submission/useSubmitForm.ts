import type { RefObject } from 'react';
import { useRef, useState } from 'react';
import { useBoard } from '../api/boards';
import { ApiError, errorMessage } from '../api/errors';
import { useSubmit } from '../api/submit';
import { useResetOnKeyChange } from '../api/useResetOnKeyChange';
import { useBoardName } from '../lib/location';
import { announce } from '../ui/LiveRegion';
import { createIdempotencyKey } from './idempotencyKey';
import { describeResult } from './SubmitResult';
import type { Field, Form, Problems } from './validation';
import { DEFAULT_BOUNDS, fieldOf, requestOf, validate } from './validation';

const FIELDS: readonly Field[] = ['userId', 'score', 'mode', 'username'];

/** The state of the form, which outlives the form itself: it stays while submitting is locked. */
export function useSubmitForm(form: RefObject<HTMLFormElement | null>) {
  const [values, setValues] = useState<Form>({ userId: '', score: '', mode: 'solo', username: '' });
  const [problems, setProblems] = useState<Problems>({});
  const [idempotency] = useState(createIdempotencyKey);
  // The button is disabled only with the next render, too late for a double click.
  const isSending = useRef(false);
  const submit = useSubmit();
  useResetOnKeyChange(submit);
  const boardName = useBoardName();
  const board = useBoard();

  function change(field: Field, value: string) {
    setValues((current) => ({ ...current, [field]: value }));
    setProblems((current) => ({ ...current, [field]: undefined }));
    if (submit.isError) submit.reset();
  }

  function focus(field: Field | undefined) {
    form.current?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus();
  }

  function showProblems(found: Problems) {
    setProblems(found);
    focus(FIELDS.find((field) => found[field]));
  }

  function send() {
    if (isSending.current) return;
    const complete = { ...values, mode: board?.game_mode ?? values.mode };
    const bounds = board ? { min: board.min_score, max: board.max_score } : DEFAULT_BOUNDS;
    const found = validate(complete, bounds);
    showProblems(found);
    if (Object.keys(found).length > 0) {
      submit.reset(); // hide the previous result
      return;
    }
    isSending.current = true;
    const request = requestOf(complete);
    const idempotencyKey = idempotency.keyFor({ board: boardName, request });
    submit.mutate(
      { board: boardName, request, idempotencyKey },
      {
        onSuccess: (answer) => {
          idempotency.reset();
          setValues((current) => ({ ...current, score: '', username: '' }));
          announce(describeResult(answer, request.username));
          focus('score');
        },
        onError: (error) => {
          const field = error instanceof ApiError ? fieldOf(error.code) : undefined;
          if (field) showProblems({ [field]: errorMessage(error) });
        },
        onSettled: () => {
          isSending.current = false;
        },
      },
    );
  }

  // The result on another board is not shown.
  const isHere = submit.variables?.board === boardName;
  return {
    values,
    problems,
    change,
    send,
    isPending: submit.isPending,
    error: isHere ? submit.error : null,
    result: isHere && submit.data ? { answer: submit.data, sentName: submit.variables.request.username } : null,
  };
}

export type SubmitFormState = ReturnType<typeof useSubmitForm>;
