import { useLayoutEffect, useRef } from 'react';
import { useKeyId } from '../api/apiKey';
import { useStrings } from '../lib/strings';
import { openKeyDialog } from './keyDialog';

/** Opens the dialog for the API key. */
export function EnterKeyButton() {
  const t = useStrings();
  const hasKey = useKeyId() !== null;
  const ref = useRef<HTMLButtonElement>(null);

  // Once the key is accepted this button disappears. Keep the focus in its card, not at the start of the page.
  useLayoutEffect(() => {
    const button = ref.current;
    return () => {
      if (button !== document.activeElement) return;
      const card = button?.closest<HTMLElement>('section, main');
      if (!card) return;
      card.tabIndex = -1;
      card.focus();
    };
  }, []);

  return (
    <button
      ref={ref}
      type="button"
      className="btn btn-sm btn-outline-primary enter-key"
      aria-haspopup="dialog"
      onClick={openKeyDialog}
    >
      {hasKey ? t.key.useAnother : t.key.enter}
    </button>
  );
}
