import { askForKey } from './asking';
import { useKeyId } from './key';

/** Opens the form for the API key, and says whether one is in use. */
export function KeyButton() {
  const inUse = useKeyId() !== null;
  return (
    <button
      type="button"
      className="key-button"
      title="API key"
      aria-haspopup="dialog"
      onClick={() => {
        askForKey(true);
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="5" cy="11" r="3.2" />
        <path d="M7.4 8.6 14 2M10.6 5.4l2.2 2.2" />
      </svg>
      <span>API key{inUse && ' in use'}</span>
      {inUse && <i aria-hidden="true" />}
    </button>
  );
}
