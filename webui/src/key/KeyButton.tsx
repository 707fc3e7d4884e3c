import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useKeyId, useKeyRefused } from '../api/apiKey';
import { strings, useStrings } from '../lib/strings';
import { openKeyDialog } from '../ui/keyDialog';
import { announce } from '../ui/LiveRegion';

/** Opens the dialog for the API key, and shows whether a key is in use or refused. */
export function KeyButton() {
  const t = useStrings();
  const hasKey = useKeyId() !== null;
  const isRefused = useKeyRefused();
  const client = useQueryClient();

  useEffect(() => {
    if (!isRefused) return;
    announce(strings().key.wasRefused);
    // Remove what the key had opened.
    void client.resetQueries();
  }, [isRefused, client]);

  return (
    <button type="button" className="key-button" title={t.key.title} aria-haspopup="dialog" onClick={openKeyDialog}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="5" cy="11" r="3.2" />
        <path d="M7.4 8.6 14 2M10.6 5.4l2.2 2.2" />
      </svg>
      <span>{isRefused ? t.key.refused : hasKey ? t.key.inUse : t.key.title}</span>
      {hasKey && <i className={isRefused ? 'refused' : ''} aria-hidden="true" />}
    </button>
  );
}
