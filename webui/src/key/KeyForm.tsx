import { useEffect, useRef, useState } from 'react';
import { isKey, useKeyId, useKeyRefused } from '../api/apiKey';
import { errorMessage, needsKey } from '../api/errors';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { FieldProblem } from '../ui/FieldProblem';
import { Filled } from '../ui/Filled';
import { TextInput } from '../ui/TextInput';
import { closeKeyDialog } from '../ui/keyDialog';
import { announce } from '../ui/LiveRegion';
import { checkKey } from './checkKey';
import './key.scss';
import { useChangeKey } from './useChangeKey';
import '../styles/forms.scss';

interface Problem {
  text: string;
  /** The key is wrong, as opposed to a check that failed. */
  isKeyWrong: boolean;
}

/** Enters, replaces or removes the API key. A native dialog: it traps the focus, and Escape closes it. */
export default function KeyForm() {
  const t = useStrings();
  const dialog = useRef<HTMLDialogElement>(null);
  // Uncontrolled: React would put a controlled value into the document as an attribute.
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const [isChecking, setIsChecking] = useState(false);
  // The button is disabled only with the next render, too late for a double click.
  const check = useRef<AbortController>(null);
  const keyId = useKeyId();
  const isRefused = useKeyRefused();
  const changeKey = useChangeKey();

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  function close() {
    dialog.current?.close();
  }

  function showProblem(text: string, isKeyWrong: boolean) {
    setProblem({ text, isKeyWrong });
    field.current?.focus();
  }

  async function submit(key: string) {
    if (check.current) return;
    if (key === '') {
      showProblem(t.key.enterOne, true);
      return;
    }
    if (!isKey(key)) {
      // Does not repeat the input, which may be most of a key.
      showProblem(t.key.incomplete, true);
      return;
    }
    const controller = new AbortController();
    check.current = controller;
    setIsChecking(true);
    setProblem(undefined);
    try {
      const mayRead = await checkKey(key, controller.signal);
      if (controller.signal.aborted) return;
      void changeKey(key, mayRead);
      announce(t.key.isInUse);
      close();
    } catch (caught) {
      if (controller.signal.aborted) return;
      const error = caught as Error;
      const isKeyWrong = needsKey(error);
      showProblem(`${isKeyWrong ? '' : `${t.key.notChecked} `}${errorMessage(error)}`, isKeyWrong);
    } finally {
      check.current = null;
      setIsChecking(false);
    }
  }

  return (
    <dialog
      ref={dialog}
      className="key-dialog"
      aria-labelledby="key-title"
      onClose={() => {
        check.current?.abort();
        closeKeyDialog();
      }}
    >
      <h2 id="key-title">{t.key.title}</h2>
      {keyId !== null && (
        <p>
          <Filled text={isRefused ? t.key.nowRefused : t.key.nowInUse}>
            <code>{keyId}&hellip;</code>
          </Filled>
        </p>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(field.current?.value.trim() ?? '');
        }}
      >
        <label className="form-label" htmlFor="key">
          {keyId === null ? t.key.key : t.key.anotherKey}
        </label>
        <TextInput
          ref={field}
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          readOnly={isChecking}
          isInvalid={problem?.isKeyWrong ?? false}
          aria-describedby={problem ? 'key-problem key-hint' : 'key-hint'}
          onChange={() => {
            setProblem(undefined);
          }}
        />
        <FieldProblem id="key-problem" text={problem?.text} />
        <p id="key-hint" className="key-hint">
          {t.key.hint}
        </p>
        <div className="key-line">
          <Button type="submit" disabled={isChecking}>
            {isChecking ? t.key.checking : t.key.use}
          </Button>
          <Button variant="outline-primary" onClick={close}>
            {t.key.cancel}
          </Button>
          {keyId !== null && (
            <Button
              variant="link"
              className="forget"
              onClick={() => {
                void changeKey(null, false);
                announce(t.key.forgotten);
                close();
              }}
            >
              {t.key.forget}
            </Button>
          )}
        </div>
      </form>
    </dialog>
  );
}
