import { useRefresh, useTop } from '../api/top';
import { ago } from '../lib/ago';
import { useStrings } from '../lib/strings';
import { useNow } from '../lib/useNow';
import { announce } from '../ui/LiveRegion';

/** The age of the standings, and a button to refresh them. */
export function Freshness() {
  const { dataUpdatedAt, isError, isFetching, data } = useTop();
  const t = useStrings();
  const refresh = useRefresh();
  const now = useNow();
  return (
    <div className="freshness">
      <span className={isError ? 'pulse stale' : 'pulse'} aria-hidden="true" />
      <span data-testid="freshness">
        {data ? t.board.updated(ago(now - dataUpdatedAt)) : isError ? t.board.notLoadedYet : t.board.connecting}
      </span>
      <button
        type="button"
        className={isFetching ? 'refresh turning' : 'refresh'}
        title={t.board.refreshNow}
        aria-label={t.board.refreshNow}
        onClick={() => {
          void refresh().then((succeeded) => {
            announce(succeeded ? t.board.isCurrent : t.board.isNotRefreshed);
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
