import { useEffect, useRef, useState } from 'react';
import { useProfileStrings } from '../lib/strings/profile';
import { announce } from '../ui/LiveRegion';

const SHOWN_MS = 2_500;

/**
 * Shares the address of the page: with the system's dialog where there is one, as on phones, otherwise by the
 * clipboard. Over plain http there is neither, and the address is shown to be copied.
 */
export function ShareButton({ text }: { text: string }) {
  const t = useProfileStrings();
  const [state, setState] = useState<'ready' | 'copied' | 'shown'>('ready');
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (state === 'shown') field.current?.select();
    if (state !== 'copied') return;
    const timer = window.setTimeout(() => {
      setState('ready');
    }, SHOWN_MS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [state]);

  async function share(): Promise<void> {
    const url = window.location.href;
    // TypeScript takes both for granted, browsers do not offer them everywhere.
    const { share: dialog, clipboard } = navigator as Partial<Navigator>;
    try {
      if (dialog !== undefined && window.matchMedia('(pointer: coarse)').matches) {
        await navigator.share({ title: document.title, text, url });
        return;
      }
      if (clipboard === undefined) throw new Error('no clipboard');
      await clipboard.writeText(url);
      setState('copied');
      announce(t.copied);
    } catch (error) {
      // The dialog was closed: that is no failure.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      setState('shown');
    }
  }

  return (
    <div className="share-link">
      <button type="button" className="share-button" title={t.shareHint} onClick={() => void share()}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 10V1.8M5 4.5l3-3 3 3M3 8v5.5h10V8" />
        </svg>
        {state === 'copied' ? t.copied : t.share}
      </button>
      {state === 'shown' && (
        <label>
          <span>{t.copyIt}</span>
          <input ref={field} readOnly value={window.location.href} />
        </label>
      )}
    </div>
  );
}
