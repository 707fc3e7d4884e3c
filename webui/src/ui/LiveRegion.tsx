import { useSyncExternalStore } from 'react';
import { createStore } from '../lib/store';

const message = createStore('');

/** Has screen readers say a message. */
export function announce(text: string): void {
  // They do not repeat a text that has not changed.
  message.set(text === message.get() ? `${text}\u00a0` : text);
}

/** The page's one live region. */
export function LiveRegion() {
  const text = useSyncExternalStore(message.subscribe, message.get);
  return (
    <div role="status" aria-live="polite" className="visually-hidden" data-testid="live">
      {text}
    </div>
  );
}
