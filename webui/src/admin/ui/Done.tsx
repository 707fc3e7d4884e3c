import { useSyncExternalStore } from 'react';
import { createStore } from '../../lib/store';
import { announce } from '../../ui/LiveRegion';

const last = createStore<string | null>(null);

/** Shows what was done at the top of the page, until it is closed or another section is opened. */
export function showDone(text: string): void {
  last.set(text);
  announce(text);
}

export function clearDone(): void {
  last.set(null);
}

export function Done() {
  const text = useSyncExternalStore(last.subscribe, last.get);
  if (text === null) return null;
  return (
    <div className="done" data-testid="done">
      <p>{text}</p>
      <button type="button" className="btn btn-sm btn-link" onClick={clearDone}>
        Close
      </button>
    </div>
  );
}
