/** GET /api/leaderboard/stream: the standings, pushed whenever they change. Loaded after the page. */

import type { QueryClient } from '@tanstack/react-query';
import type { View } from '../lib/location';
import { currentKey, onKeyChange, recordKeyAnswer } from './apiKey';
import { onView } from './client';
import { ApiError, isKeyRefused, needsKey } from './errors';
import type { Event } from './eventStream';
import { follow } from './eventStream';
import { setLiveState } from './liveState';
import type { PlayerRank } from './rank';
import type { Standing } from './standing';
import { showStreamed } from './top';

interface Pushed {
  season?: number;
  ends_at?: string | null;
  top: Standing[];
  players: PlayerRank[];
}

export interface Wanted {
  view: View;
  rows: number;
  userId: number | null;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A refusal would only be repeated; the timer refreshes meanwhile. */
const REFUSED_WAIT_MS = 60_000;

function pathOf({ view, rows, userId }: Wanted): string {
  const player = userId === null ? '' : `&user_ids=${userId}`;
  return onView(`/api/leaderboard/stream?top=${rows}${player}&include=attributes`, view);
}

/** Milliseconds until the next attempt, with chance in it: not all pages come back at once. */
function waitAfter(error: unknown, failures: number): number {
  if (error instanceof ApiError && error.retryAfter !== null) return error.retryAfter * 1000;
  if (error instanceof ApiError && error.status < 500) return REFUSED_WAIT_MS;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}

/** Keeps the standings current until the returned function is called. Stops while the tab is hidden. */
export function startStream(client: QueryClient, wanted: Wanted): () => void {
  let running: AbortController | null = null;
  let timer: number | undefined;
  let lastId: string | null = null;
  let season: number | undefined;
  let failures = 0;

  function show({ name, data, id }: Event) {
    if (name === 'error') {
      const { error } = JSON.parse(data) as { error: { code: string; message: string } };
      throw new ApiError(0, error.code, error.message);
    }
    if (name !== 'standings') return;
    const pushed = JSON.parse(data) as Pushed;
    lastId = id;
    const isNewSeason = season !== undefined && pushed.season !== season;
    season = pushed.season;
    if (isNewSeason) void client.invalidateQueries();
    showStreamed(client, wanted.view, pushed.top, isNewSeason);
    const player = pushed.players.find(({ user_id: userId }) => userId === wanted.userId);
    if (player) showPlayer(player);
  }

  function showPlayer(player: PlayerRank) {
    const queryKey = ['rank', wanted.view, player.user_id];
    const before = client.getQueryData<PlayerRank>(queryKey);
    void client.cancelQueries({ queryKey });
    client.setQueryData<PlayerRank>(queryKey, player);
    if (before && (before.rank !== player.rank || before.total_score !== player.total_score)) {
      void client.invalidateQueries({ queryKey: ['around', wanted.view, player.user_id] });
    }
  }

  async function connect() {
    const controller = new AbortController();
    running = controller;
    let wait = FIRST_WAIT_MS * Math.random();
    const was = { open: false };
    try {
      await follow(
        pathOf(wanted),
        lastId,
        {
          onOpen: () => {
            was.open = true;
            failures = 0;
          },
          onSign: () => {
            if (!controller.signal.aborted) setLiveState('live');
          },
          onEvent: show,
        },
        controller.signal,
      );
    } catch (error) {
      if (controller.signal.aborted) return;
      wait = waitAfter(error, failures);
      failures += 1;
      if (error instanceof ApiError && needsKey(error)) {
        if (isKeyRefused(error)) recordKeyAnswer(currentKey(), true);
        void client.invalidateQueries();
      } else if (error instanceof ApiError && error.status === 0) {
        // The service ended the stream for a reason, such as a deleted board: the other calls say which.
        void client.invalidateQueries();
      }
    }
    if (controller.signal.aborted) return;
    running = null;
    setLiveState('polling');
    // Says at once whether the service is gone, or only the stream.
    if (was.open) void client.invalidateQueries({ queryKey: ['top', wanted.view] });
    timer = window.setTimeout(start, wait);
  }

  function start() {
    window.clearTimeout(timer);
    if (running || document.visibilityState === 'hidden') return;
    void connect();
  }

  function stop() {
    window.clearTimeout(timer);
    running?.abort();
    running = null;
  }

  function onVisibility() {
    if (document.visibilityState === 'hidden') stop();
    else start();
  }

  function restart() {
    failures = 0;
    stop();
    start();
  }

  document.addEventListener('visibilitychange', onVisibility);
  // A connection does not notice by itself that the network is gone or another one.
  window.addEventListener('offline', restart);
  window.addEventListener('online', restart);
  const forgetKey = onKeyChange(() => {
    lastId = null;
    restart();
  });
  start();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('offline', restart);
    window.removeEventListener('online', restart);
    forgetKey();
    stop();
  };
}
