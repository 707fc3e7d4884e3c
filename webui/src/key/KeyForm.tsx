import { useEffect, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { asksForKey, messageOf } from '../api/client';
import { announce } from '../app/announcer';
import { askForKey } from './asking';
import { isKey, useKeyId, useKeyRefused } from './key';
import './key.scss';
import { tryKey } from './tryKey';
import { useChangeKey } from './useChangeKey';

/**
 * Takes an API key if the service does, replaces it, forgets it. The browser's own dialog: it keeps the focus, and
 * Escape closes it.
 */
export default function KeyForm() {
  const dialog = useRef<HTMLDialogElement>(null);
  // Read when it is needed: a value that React controls stands in the document as an attribute.
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  const [isWrong, setIsWrong] = useState(false);
  const [isTrying, setIsTrying] = useState(false);
  // The button is disabled one rendering later; a double click is faster than that.
  const underWay = useRef<AbortController>(null);
  const inUse = useKeyId();
  const refused = useKeyRefused();
  const change = useChangeKey();

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  function close() {
    dialog.current?.close();
  }

  function refuse(why: string, ofKey = true) {
    setFault(why);
    setIsWrong(ofKey);
    field.current?.focus();
  }

  async function use(text: string) {
    if (underWay.current) return;
    if (!isKey(text)) {
      // Does not repeat what was typed: it may be most of a key.
      refuse(
        text === ''
          ? 'Enter an API key.'
          : 'That is not a whole API key. One looks like lb_0123456789ab_ followed by 64 hex digits.',
      );
      return;
    }
    const trial = new AbortController();
    underWay.current = trial;
    setIsTrying(true);
    setFault(undefined);
    try {
      const mayRead = await tryKey(text, trial.signal);
      if (trial.signal.aborted) return;
      void change(text, mayRead);
      announce('The API key is in use.');
      close();
    } catch (error) {
      if (trial.signal.aborted) return;
      const why = messageOf(error as Error);
      if (asksForKey(error as Error)) refuse(why);
      else refuse(`The key could not be tried. ${why}`, false);
    } finally {
      underWay.current = null;
      setIsTrying(false);
    }
  }

  return (
    <dialog
      ref={dialog}
      className="key-dialog"
      aria-labelledby="key-title"
      onClose={() => {
        underWay.current?.abort();
        askForKey(false);
      }}
    >
      <h2 id="key-title">API key</h2>
      {inUse !== null && (
        <p>
          {refused ? 'Refused' : 'In use'}: <code>{inUse}&hellip;</code>
        </p>
      )}
      <Form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void use(field.current?.value.trim() ?? '');
        }}
      >
        <Form.Label htmlFor="key">{inUse === null ? 'Key' : 'Another key'}</Form.Label>
        <Form.Control
          ref={field}
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          readOnly={isTrying}
          isInvalid={fault !== undefined && isWrong}
          aria-describedby={fault === undefined ? 'key-hint' : 'key-fault key-hint'}
          onChange={() => {
            setFault(undefined);
          }}
        />
        {fault !== undefined && (
          <div id="key-fault" className="field-fault" role="alert">
            {fault}
          </div>
        )}
        <p id="key-hint" className="key-hint">
          Keys come from whoever runs this leaderboard. This tab keeps the key until it is closed, and sends
          it to this server with every call.
        </p>
        <div className="key-line">
          <Button type="submit" disabled={isTrying}>
            {isTrying ? 'Trying the key\u2026' : 'Use this key'}
          </Button>
          <Button variant="outline-primary" onClick={close}>
            Cancel
          </Button>
          {inUse !== null && (
            <Button
              variant="link"
              className="forget"
              onClick={() => {
                void change(null, false);
                announce('The API key is forgotten.');
                close();
              }}
            >
              Forget the key
            </Button>
          )}
        </div>
      </Form>
    </dialog>
  );
}
