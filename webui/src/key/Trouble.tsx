import { useLayoutEffect, useRef } from 'react';
import { asksForKey, messageOf } from '../api/client';
import { askForKey } from './asking';
import { useKeyId } from './key';

interface Props {
  error: Error;
  /** What else there is to say, where no key would help. */
  children?: React.ReactNode;
}

/** Says what is wrong and, where that is the API key, offers the form for one. */
export function Trouble({ error, children }: Props) {
  return (
    <>
      {messageOf(error)} {asksForKey(error) ? <AskForKey /> : children}
    </>
  );
}

export function AskForKey() {
  const inUse = useKeyId() !== null;
  const button = useRef<HTMLButtonElement>(null);

  // With the answer to the key this button goes. Its focus stays in the card then, instead of at the page's start.
  useLayoutEffect(() => {
    const { current } = button;
    return () => {
      if (current !== document.activeElement) return;
      const card = current?.closest<HTMLElement>('section, main');
      if (!card) return;
      card.tabIndex = -1;
      card.focus();
    };
  }, []);

  return (
    <button
      ref={button}
      type="button"
      className="btn btn-sm btn-outline-primary ask-for-key"
      aria-haspopup="dialog"
      onClick={() => {
        askForKey(true);
      }}
    >
      {inUse ? 'Use another API key' : 'Enter an API key'}
    </button>
  );
}
