import { useEffect } from 'react';
import { useBoard } from '../api/boards';
import { useLiveState } from '../api/liveState';
import { REFRESH_MS } from '../api/queryClient';
import { useLiveTop } from '../api/top';
import { useLastError } from '../api/useLastError';
import { useStream } from '../api/useStream';
import { BigRows } from './BigRows';
import { countdown } from '../lib/countdown';
import { DEFAULT_BOARD, showBigScreen, useView } from '../lib/location';
import { useStrings } from '../lib/strings';
import { useNow } from '../lib/useNow';
import { ErrorMessage } from '../ui/ErrorMessage';
import './screen.scss';

/** The standings for a screen that many look at from afar: the best ten, as large as fits, and nothing to press. */
export default function BigScreen() {
  const t = useStrings();
  const { board: name, split } = useView();
  const board = useBoard();
  const top = useLiveTop();
  const error = useLastError(top);
  const { state } = useLiveState();
  const now = useNow();
  useStream(true);

  useEffect(() => {
    // Fullscreen needs a click, which opening an address is not.
    if (navigator.userActivation.isActive) {
      document.documentElement.requestFullscreen().catch(() => undefined);
    }
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') showBigScreen(false);
    };
    const onFullscreen = () => {
      if (!document.fullscreenElement) showBigScreen(false);
    };
    document.addEventListener('keydown', leave);
    document.addEventListener('fullscreenchange', onFullscreen);
    // The screen does not go dark while the standings are shown; where that is not possible, it may.
    const lock = (navigator as Partial<Navigator>).wakeLock?.request().catch(() => undefined);
    return () => {
      document.removeEventListener('keydown', leave);
      document.removeEventListener('fullscreenchange', onFullscreen);
      if (document.fullscreenElement) void document.exitFullscreen();
      void lock?.then((held) => held?.release());
    };
  }, []);

  const isLive = state === 'live' && !error;
  return (
    <main className="big-screen" data-testid="big-screen">
      <header>
        <h1>
          {name === DEFAULT_BOARD ? t.app.allTime : name}
          {split !== null && ` \u00b7 ${split}`}
        </h1>
        {board?.next_reset_at && (
          <p className="big-countdown">
            {t.seasons.nextSeason} <b>{countdown(Date.parse(board.next_reset_at) - now, t.time.days)}</b>
          </p>
        )}
        {state !== 'connecting' && (
          <span className={isLive ? 'live-badge' : 'live-badge timed'}>
            {isLive ? t.board.live : t.board.every(REFRESH_MS / 1000)}
          </span>
        )}
        <button
          type="button"
          onClick={() => {
            showBigScreen(false);
          }}
        >
          {t.board.leaveBigScreen}
        </button>
      </header>
      {top.data ? (
        <BigRows top={top.data} />
      ) : error ? (
        <p role="alert">
          <ErrorMessage error={error} />
        </p>
      ) : null}
    </main>
  );
}
