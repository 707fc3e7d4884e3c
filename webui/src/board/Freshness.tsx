import { useRefresh, useTop } from '../api/top';
import { ago } from '../lib/format';
import { useNow } from '../lib/useNow';
import { announce } from '../ui/LiveRegion';

/** The age of the standings, and a button to refresh them. */
export function Freshness() {
  const { dataUpdatedAt, isError, isFetching, data } = useTop();
  const refresh = useRefresh();
  const now = useNow();
  return (
    <div className="freshness">
      <span className={isError ? 'pulse stale' : 'pulse'} aria-hidden="true" />
      <span data-testid="freshness">
        {data ? `updated ${ago(now - dataUpdatedAt)}` : isError ? 'not loaded' : 'connecting\u2026'}
      </span>
      <button
        type="button"
        className={isFetching ? 'refresh turning' : 'refresh'}
        title="Refresh now"
        aria-label="Refresh now"
        onClick={() => {
          void refresh().then((succeeded) => {
            announce(succeeded ? 'The standings are current.' : 'The standings could not be refreshed.');
          });
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.5v3.2h-3.2" />
        </svg>
      </button>
    </div>
  );
}
