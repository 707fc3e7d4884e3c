import { useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';

/** A new key, with a button that copies it. */
export function ShownKey({ apiKey, name }: { apiKey: string; name: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState('');

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(apiKey);
      setTold('Copied.');
    } catch {
      // Over plain http there is no clipboard: the text is selected.
      setTold('Copy it with Ctrl+C: it is selected.');
    }
  }

  return (
    <div className="shown-key">
      <p>
        <strong>This is the key {name}. Copy it now: it is not shown again.</strong>
      </p>
      <div className="input-group">
        <input
          ref={field}
          className="form-control"
          aria-label="The new API key"
          readOnly
          spellCheck={false}
          value={apiKey}
        />
        <Button variant="outline-primary" onClick={() => void copy()}>
          Copy
        </Button>
      </div>
      <p className="hint" role="status">
        {told}
      </p>
    </div>
  );
}
