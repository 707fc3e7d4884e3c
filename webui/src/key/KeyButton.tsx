import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { announce } from '../app/announcer';
import { askForKey } from './asking';
import { useKeyId, useKeyRefused } from './key';

/** Opens the form for the API key, and says whether one is in use, and whether the service refuses it. */
export function KeyButton() {
  const inUse = useKeyId() !== null;
  const refused = useKeyRefused();
  const client = useQueryClient();

  useEffect(() => {
    if (!refused) return;
    announce('The API key is refused.');
    // What the key had opened goes, whichever call it was refused for.
    void client.resetQueries();
  }, [refused, client]);

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
      <span>API key{refused ? ' refused' : inUse && ' in use'}</span>
      {inUse && <i className={refused ? 'refused' : ''} aria-hidden="true" />}
    </button>
  );
}
