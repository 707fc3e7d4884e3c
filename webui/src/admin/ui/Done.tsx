import { useEffect, useSyncExternalStore } from 'react';
import { createStore } from '../../lib/store';
import { announce } from '../../ui/LiveRegion';
import { useRoute } from '../lib/route';

const last = createStore<{ text: string; path: string } | null>(null);

/** Shows what was done at the top of the page, until it is closed or another place is opened. */
export function showDone(text: string): void {
  last.set({ text, path: window.location.pathname });
  announce(text);
}

function clear(): void {
  last.set(null);
}

export function Done() {
  const done = useSyncExternalStore(last.subscribe, last.get);
  const route = useRoute();
  useEffect(() => {
    if (last.get()?.path !== window.location.pathname) clear();
  }, [route]);
  if (done === null) return null;
  return (
    <div className="done" data-testid="done">
      <p>{done.text}</p>
      <button type="button" className="btn btn-sm btn-link" onClick={clear}>
        Close
      </button>
    </div>
  );
}
