import { useEffect, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { announce } from '../app/announcer';
import { askForKey } from './asking';
import { isKey, useKeyId } from './key';
import './key.scss';
import { useChangeKey } from './useChangeKey';

/** Takes an API key, replaces it, forgets it. The browser's own dialog: it keeps the focus, and Escape closes it. */
export default function KeyForm() {
  const dialog = useRef<HTMLDialogElement>(null);
  // Read when it is needed: a value that React controls stands in the document as an attribute.
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  const inUse = useKeyId();
  const change = useChangeKey();

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  function close() {
    dialog.current?.close();
  }

  function use(text: string) {
    if (isKey(text)) {
      void change(text);
      announce('The API key is in use.');
      close();
      return;
    }
    // Does not repeat what was typed: it may be most of a key.
    setFault(
      text === ''
        ? 'Enter an API key.'
        : 'That is not a whole API key. One looks like lb_0123456789ab_ and 64 more digits, each 0 to 9 or a to f.',
    );
    field.current?.focus();
  }

  return (
    <dialog
      ref={dialog}
      className="key-dialog"
      aria-labelledby="key-title"
      onClose={() => {
        askForKey(false);
      }}
    >
      <h2 id="key-title">API key</h2>
      {inUse !== null && (
        <p>
          In use: <code>{inUse}&hellip;</code>
        </p>
      )}
      <Form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          use(field.current?.value.trim() ?? '');
        }}
      >
        <Form.Label htmlFor="key">{inUse === null ? 'Key' : 'Another key'}</Form.Label>
        <Form.Control
          ref={field}
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          isInvalid={fault !== undefined}
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
          <Button type="submit">Use this key</Button>
          {inUse !== null && (
            <Button
              variant="outline-primary"
              onClick={() => {
                void change(null);
                announce('The API key is forgotten.');
                close();
              }}
            >
              Forget the key
            </Button>
          )}
          <Button variant="link" onClick={close}>
            Cancel
          </Button>
        </div>
      </Form>
    </dialog>
  );
}
