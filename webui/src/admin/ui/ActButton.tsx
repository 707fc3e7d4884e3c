import { Fragment, useLayoutEffect, useRef, useState } from 'react';

interface Props {
  label: string;
  /** More for screen readers, such as the name of the row. */
  of?: string | undefined;
  isDangerous?: boolean;
  isPrimary?: boolean;
  /** Looks like a link, beside a value. */
  isQuiet?: boolean;
  /** The dialog of the act, while it is open. */
  children: (close: () => void) => React.ReactNode;
}

/** A button that opens the dialog of an act. */
export function ActButton({ label, of, isDangerous = false, isPrimary = false, isQuiet = false, children }: Props) {
  // Counts the openings, and is 0 while closed: the event of one dialog's end, which comes late, must not close the next.
  const [opening, setOpening] = useState(0);
  const openings = useRef(0);
  const button = useRef<HTMLButtonElement>(null);
  const variant = isDangerous
    ? 'btn-outline-danger'
    : isPrimary
      ? 'btn-primary'
      : isQuiet
        ? 'btn-link quiet'
        : 'btn-outline-primary';

  // After the act this button may disappear. Keep the focus near, not at the start of the page.
  useLayoutEffect(() => {
    const element = button.current;
    const card = element?.closest<HTMLElement>('section');
    return () => {
      if (element === document.activeElement) card?.querySelector<HTMLElement>('h2')?.focus();
    };
  }, []);

  return (
    <>
      <button
        ref={button}
        type="button"
        className={`btn btn-sm ${variant}`}
        aria-haspopup="dialog"
        onClick={() => {
          setOpening(++openings.current);
        }}
      >
        {label}
        {of !== undefined && <span className="visually-hidden"> {of}</span>}
      </button>
      {opening > 0 && (
        <Fragment key={opening}>
          {children(() => {
            setOpening((current) => (current === opening ? 0 : current));
          })}
        </Fragment>
      )}
    </>
  );
}
