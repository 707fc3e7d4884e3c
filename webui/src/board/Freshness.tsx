import { useLiveState } from '../api/liveState';
import { REFRESH_MS } from '../api/queryClient';
import { useIsFinal } from '../api/seasons';
import { useRefresh, useTop } from '../api/top';
import { ago } from '../lib/ago';
import { useStrings } from '../lib/strings';
import { useNow } from '../lib/useNow';
import { announce } from '../ui/LiveRegion';

/** How the standings are kept current, their age, and a button to refresh them. */
export function Freshness() {
  const t = useStrings();
  const { dataUpdatedAt, isError, isFetching, data } = useTop();
  const { state, confirmedAt } = useLiveState();
  const isFinal = useIsFinal();
  const refresh = useRefresh();
  const now = useNow();
  if (isFinal) return <span className="freshness final">{t.seasons.final}</span>;
  const isLive = state === 'live' && !isError;
  const age = now - (isLive ? Math.max(confirmedAt, dataUpdatedAt) : dataUpdatedAt);
  return (
    <div className="freshness">
      {data && !isError && state !== 'connecting' && (
        <span className={isLive ? 'live-badge' : 'live-badge timed'} data-testid="live-state">
          {isLive ? t.board.live : t.board.every(REFRESH_MS / 1000)}
        </span>
      )}
      <span className={isError ? 'pulse stale' : isLive ? 'pulse' : 'pulse timed'} aria-hidden="true" />
      <span data-testid="freshness">
        {data ? t.board.updated(ago(age)) : isError ? t.board.notLoadedYet : t.board.connecting}
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
