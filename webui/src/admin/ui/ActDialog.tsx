import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import { errorMessage } from '../../api/errors';
import { ErrorMessage } from '../../ui/ErrorMessage';
import { FieldProblem } from '../../ui/FieldProblem';
import { Notice } from '../../ui/Notice';
import { isOutcomeUnknown } from '../api/act';
import { showDone } from './Done';

interface Confirmation {
  text: string;
  what: string;
}

export interface Act<Preview, Result> {
  title: string;
  /** The fields of the first step. Without them the dialog begins with the preview. */
  fields?: React.ReactNode;
  /** Whether the fields are right; shows what is wrong. */
  check?: (form: HTMLElement | null) => boolean;
  /** The dry run: what the act would change. */
  preview: (signal: AbortSignal) => Promise<Preview>;
  describe: (preview: Preview) => React.ReactNode;
  /** Whether there is nothing to do. */
  isNothing?: (preview: Preview) => boolean;
  /** The text of the button that does it, such as "Yes, ban the player". */
  yes: string;
  /** For what cannot be undone: the text that must be typed, and what it is. */
  confirm?: (preview: Preview) => Confirmation | undefined;
  run: () => Promise<Result>;
  /** What was done, in a sentence. */
  done: (result: Result) => string;
  /** Something to show once before the dialog closes, such as a new key. */
  outcome?: (result: Result) => React.ReactNode;
  /** After the dialog closed, for example to leave a page that has nothing to show any more. */
  after?: () => void;
}

type State<Preview, Result> =
  | { step: 'fields'; error?: Error }
  | { step: 'asking' }
  | { step: 'failed'; error: Error }
  | { step: 'preview'; preview: Preview; error?: Error }
  | { step: 'running'; preview: Preview }
  | { step: 'unknown'; error: Error }
  | { step: 'done'; result: Result };

interface Props<Preview, Result> {
  act: Act<Preview, Result>;
  onClose: () => void;
}

/**
 * Asks before an act: its fields, then what it would change, then yes. If it is not known whether the act was done, the
 * dry run is made again before a second try, so that nothing is done twice. A native dialog: it traps the focus,
 * Escape closes it, and the focus returns.
 */
export function ActDialog<Preview, Result>({ act, onClose }: Props<Preview, Result>) {
  const hasFields = act.fields !== undefined;
  const id = useId();
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const asking = useRef<AbortController>(null);
  // The button is disabled only with the next render, too late for a double click.
  const isRunning = useRef(false);
  const [state, setState] = useState<State<Preview, Result>>(hasFields ? { step: 'fields' } : { step: 'asking' });
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();

  async function load() {
    asking.current?.abort();
    const controller = (asking.current = new AbortController());
    try {
      const preview = await act.preview(controller.signal);
      if (!controller.signal.aborted) setState({ step: 'preview', preview });
    } catch (error) {
      if (controller.signal.aborted) return;
      setState({ step: hasFields ? 'fields' : 'failed', error: error as Error });
    }
  }

  function ask() {
    setState({ step: 'asking' });
    setTyped('');
    setProblem(undefined);
    void load();
  }

  async function run(preview: Preview) {
    if (isRunning.current) return;
    const confirmation = act.confirm?.(preview);
    if (confirmation && typed.trim() !== confirmation.text) {
      setProblem(`Type ${confirmation.text} to confirm.`);
      form.current?.querySelector<HTMLElement>('[name=confirm]')?.focus();
      return;
    }
    isRunning.current = true;
    setState({ step: 'running', preview });
    try {
      const result = await act.run();
      if (act.outcome) {
        setState({ step: 'done', result });
      } else {
        dialog.current?.close();
        finish(result);
      }
    } catch (caught) {
      const error = caught as Error;
      if (isOutcomeUnknown(error)) {
        void client.invalidateQueries();
        setState({ step: 'unknown', error });
      } else {
        setState({ step: 'preview', preview, error });
      }
    } finally {
      isRunning.current = false;
    }
  }

  function finish(result: Result) {
    act.after?.();
    showDone(act.done(result));
    // Once the page has moved on, so that what is gone is not asked for again.
    setTimeout(() => void client.invalidateQueries());
  }

  const open = useEffectEvent(() => {
    if (dialog.current?.open) return;
    dialog.current?.showModal();
    if (!hasFields) void load();
  });
  useEffect(() => {
    open();
  }, []);

  // Where the next step is read from.
  useEffect(() => {
    if (['preview', 'failed', 'unknown', 'done'].includes(state.step)) summary.current?.focus();
    if (state.step === 'fields') form.current?.querySelector<HTMLElement>('[name]')?.focus();
  }, [state.step]);

  const { step } = state;
  const isNothing = step === 'preview' && (act.isNothing?.(state.preview) ?? false);
  const isYesShown = (step === 'preview' && !isNothing) || step === 'running';
  const confirmation = isYesShown ? act.confirm?.(state.preview) : undefined;

  return (
    <dialog
      ref={dialog}
      className="act-dialog"
      aria-labelledby={`${id}-title`}
      aria-busy={step === 'asking' || step === 'running'}
      onCancel={(event) => {
        // While it runs, and with a key that is shown once, only the button closes the dialog.
        if (step === 'running' || step === 'done') event.preventDefault();
      }}
      onClose={() => {
        asking.current?.abort();
        if (state.step === 'done') finish(state.result);
        onClose();
      }}
    >
      <h2 id={`${id}-title`}>{act.title}</h2>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (step === 'fields') {
            if (act.check?.(form.current) ?? true) ask();
          } else if (step === 'preview' && !isNothing) void run(state.preview);
          else if (step === 'failed' || step === 'unknown') ask();
        }}
      >
        {hasFields && <div hidden={step !== 'fields'}>{act.fields}</div>}
        {step === 'fields' && state.error && (
          <Notice variant="danger">
            <ErrorMessage error={state.error} />
          </Notice>
        )}
        {step === 'asking' && <p className="muted">Counting what would change&hellip;</p>}
        {step === 'failed' && (
          <div ref={summary} tabIndex={-1}>
            <Notice variant="danger">
              <ErrorMessage error={state.error} />
            </Notice>
          </div>
        )}
        {(step === 'preview' || step === 'running') && (
          <>
            <div ref={summary} tabIndex={-1} className="preview" data-testid="preview">
              {act.describe(state.preview)}
            </div>
            {confirmation && (
              <div className="field">
                <label className="form-label" htmlFor={`${id}-confirm`}>
                  This cannot be undone. Type {confirmation.what} to confirm: <code>{confirmation.text}</code>
                </label>
                <input
                  id={`${id}-confirm`}
                  name="confirm"
                  className={`form-control ${problem === undefined ? '' : 'is-invalid'}`}
                  autoComplete="off"
                  spellCheck={false}
                  value={typed}
                  aria-invalid={problem !== undefined}
                  aria-describedby={problem === undefined ? undefined : `${id}-problem`}
                  onChange={(event) => {
                    setTyped(event.target.value);
                    setProblem(undefined);
                  }}
                />
                <FieldProblem id={`${id}-problem`} text={problem} />
              </div>
            )}
            {step === 'preview' && state.error && (
              <Notice variant="danger">
                Nothing was changed. <ErrorMessage error={state.error} />
              </Notice>
            )}
          </>
        )}
        {step === 'unknown' && (
          <div ref={summary} tabIndex={-1}>
            <Notice variant="warning">
              {errorMessage(state.error)} It is not known whether this was done. Check first what is left to do.
            </Notice>
          </div>
        )}
        {step === 'done' && (
          <div ref={summary} tabIndex={-1}>
            {act.outcome?.(state.result)}
          </div>
        )}
        <div className="act-line">
          {step === 'fields' && <Button type="submit">Continue</Button>}
          {isYesShown && (
            <Button type="submit" variant={confirmation ? 'danger' : 'primary'} disabled={step === 'running'}>
              {step === 'running' ? 'Working\u2026' : act.yes}
            </Button>
          )}
          {step === 'failed' && <Button type="submit">Try again</Button>}
          {step === 'unknown' && <Button type="submit">Check again</Button>}
          {step === 'preview' && hasFields && (
            <Button
              variant="outline-primary"
              onClick={() => {
                setState({ step: 'fields' });
              }}
            >
              Back
            </Button>
          )}
          {step !== 'running' && (
            <Button
              variant={step === 'done' ? 'primary' : 'link'}
              onClick={() => {
                dialog.current?.close();
              }}
            >
              {step === 'done' || isNothing ? 'Close' : 'Cancel'}
            </Button>
          )}
        </div>
      </form>
    </dialog>
  );
}
