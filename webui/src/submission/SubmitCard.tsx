import { useId, useRef, useState } from 'react';
import { Notice } from '../app/Notice';
import Button from 'react-bootstrap/Button';
import Card from 'react-bootstrap/Card';
import Col from 'react-bootstrap/Col';
import Form from 'react-bootstrap/Form';
import Row from 'react-bootstrap/Row';
import { useBoard } from '../api/boards';
import { useAccess } from '../api/access';
import { ApiError, asksForKey, messageOf, UnreachableError } from '../api/client';
import { useSubmit } from '../api/submit';
import { useFailure } from '../api/useFailure';
import { announce } from '../app/announcer';
import { useBoardName } from '../app/location';
import { useKeyId } from '../key/key';
import { AskForKey, Trouble } from '../key/Trouble';
import { useResetWithKey } from '../key/useResetWithKey';
import { Counted, describe } from './Counted';
import { createIntents } from './intents';
import type { Faults, Field, Form as Fields } from './validation';
import { fieldOf, requestOf, USUAL_BOUNDS, validate } from './validation';

const OTHER = 'other';
const ORDER: readonly Field[] = ['userId', 'score', 'mode', 'username'];

/** Whether the same submission may be sent again: nothing was decided, or it cannot be known. */
function mayTryAgain(error: Error | null): boolean {
  if (!(error instanceof ApiError)) return error instanceof UnreachableError;
  return error.status >= 500 || error.status === 429;
}

/** Why nothing can be submitted from here; undefined where it can, and where that is not known. */
function useLocked(): string | undefined {
  const access = useAccess();
  const failure = useFailure(access);
  const hasKey = useKeyId() !== null;
  if (access.data?.submit === false) {
    return hasKey
      ? 'The API key in use is not one for submissions.'
      : 'Scores are submitted with an API key here, as the game has one.';
  }
  return failure && asksForKey(failure) ? messageOf(failure) : undefined;
}

export function SubmitCard() {
  const [fields, setFields] = useState<Fields>({ userId: '', score: '', mode: 'solo', username: '' });
  const [otherMode, setOtherMode] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const [intents] = useState(createIntents);
  // The button is disabled one rendering later; a double click is faster than that.
  const underWay = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const submit = useSubmit();
  useResetWithKey(submit);
  const name = useBoardName();
  const board = useBoard();
  const locked = useLocked();
  const bounds = board ? { min: board.min_score, max: board.max_score } : USUAL_BOUNDS;

  function change(field: Field, value: string) {
    setFields((current) => ({ ...current, [field]: value }));
    setFaults((current) => ({ ...current, [field]: undefined }));
    if (submit.isError) submit.reset();
  }

  function refuse(found: Faults) {
    setFaults(found);
    const first = ORDER.find((field) => found[field]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  function send() {
    if (underWay.current) return;
    const complete = { ...fields, mode: board?.game_mode ?? fields.mode };
    const found = validate(complete, bounds);
    refuse(found);
    if (Object.keys(found).length > 0) {
      submit.reset(); // or the last answer would stand beside the faults
      return;
    }
    underWay.current = true;
    const request = requestOf(complete);
    submit.mutate(
      { board: name, request, key: intents.keyOf({ board: name, request }) },
      {
        onSuccess: (answer) => {
          intents.settle();
          setFields((current) => ({ ...current, score: '', username: '' }));
          announce(describe(answer, request.username));
          form.current?.querySelector<HTMLElement>('[name="score"]')?.focus();
        },
        onError: (error) => {
          const field = error instanceof ApiError ? fieldOf(error.code) : undefined;
          if (field) refuse({ [field]: messageOf(error) });
        },
        onSettled: () => {
          underWay.current = false;
        },
      },
    );
  }

  // What another board answered is not told beside this one.
  const here = submit.variables?.board === name;
  const error = here ? submit.error : null;
  const inField = error instanceof ApiError && fieldOf(error.code) !== undefined;
  const counted = here && submit.isSuccess && (
    <Counted answer={submit.data} sent={submit.variables.request.username} />
  );
  if (locked !== undefined) {
    const typed = fields.userId !== '' || fields.score !== '';
    return (
      <Card as="section" aria-labelledby="submit-title">
        <Card.Header>
          <h2 id="submit-title">Submit a score</h2>
        </Card.Header>
        <Card.Body data-testid="locked">
          <p className="mb-2">
            {locked} {typed && 'What is typed stays until then.'}
          </p>
          <AskForKey />
          {counted}
        </Card.Body>
      </Card>
    );
  }
  return (
    <Card as="section" aria-labelledby="submit-title">
      <Card.Header>
        <h2 id="submit-title">Submit a score</h2>
      </Card.Header>
      <Card.Body>
        <Form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Row>
            <Text
              field="userId"
              label="Player id"
              numeric
              value={fields.userId}
              fault={faults.userId}
              onChange={change}
            />
            <Text
              field="score"
              label="Score"
              numeric
              value={fields.score}
              fault={faults.score}
              onChange={change}
            />
            <Col xs={6}>
              <Form.Group controlId="mode-choice">
                <Form.Label>Mode</Form.Label>
                <Form.Select
                  value={board?.game_mode ?? (otherMode ? OTHER : fields.mode)}
                  disabled={board?.game_mode != null}
                  onChange={({ target: { value } }) => {
                    setOtherMode(value === OTHER);
                    change('mode', value === OTHER ? '' : value);
                  }}
                >
                  {board?.game_mode != null ? (
                    <option>{board.game_mode}</option>
                  ) : (
                    <>
                      <option value="solo">Solo</option>
                      <option value="team">Team</option>
                      <option value={OTHER}>Another&hellip;</option>
                    </>
                  )}
                </Form.Select>
              </Form.Group>
            </Col>
            {otherMode && board?.game_mode == null && (
              <Text
                field="mode"
                label="Name of the mode"
                value={fields.mode}
                fault={faults.mode}
                onChange={change}
              />
            )}
            <Text
              field="username"
              label="Name"
              placeholder="new players"
              value={fields.username}
              fault={faults.username}
              onChange={change}
            />
          </Row>
          <div className="submit-line">
            <Button type="submit" disabled={submit.isPending} className="submit-button">
              {submit.isPending ? 'Submitting\u2026' : mayTryAgain(error) ? 'Try again' : 'Submit score'}
            </Button>
          </div>
          {error && !inField && (
            <Notice variant="danger" className="mt-3 mb-0">
              <Trouble error={error}>
                {mayTryAgain(error) && 'Trying again is safe: this score counts once.'}
              </Trouble>
            </Notice>
          )}
          {counted}
        </Form>
      </Card.Body>
    </Card>
  );
}

interface TextProps {
  field: Field;
  label: string;
  placeholder?: string;
  numeric?: boolean;
  value: string;
  fault: string | undefined;
  onChange: (field: Field, value: string) => void;
}

function Text({ field, label, placeholder, numeric = false, value, fault, onChange }: TextProps) {
  const id = useId();
  return (
    <Col xs={6}>
      <Form.Label htmlFor={id}>{label}</Form.Label>
      <Form.Control
        id={id}
        name={field}
        inputMode={numeric ? 'numeric' : 'text'}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={value}
        isInvalid={fault !== undefined}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        onChange={(event) => {
          onChange(field, event.target.value);
        }}
      />
      {fault !== undefined && (
        <div id={`${id}-fault`} className="field-fault" role="alert">
          {fault}
        </div>
      )}
    </Col>
  );
}
