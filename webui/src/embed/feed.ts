/**
 * The standings, live: by the service's stream, or else by asking every ten seconds. The widget has no API key, so
 * the browser's own EventSource will do.
 */

import type { components } from '../api/schema';
import type { Options } from './options';
import { pathOf } from './options';

export type Row = components['schemas']['Standing'];
export type State = 'connecting' | 'live' | 'polling' | 'away';

export interface Listener {
  onRows: (rows: Row[]) => void;
  /** Why there are no rows: the code of the service's error. */
  onRefused: (code: string) => void;
  onState: (state: State) => void;
}

const REFRESH_MS = 10_000;
const TIMEOUT_MS = 8_000;
/** A stream begins with the standings. If they do not come, something on the way keeps them back. */
const PATIENCE_MS = 5_000;
const STREAM_AGAIN_MS = 60_000;

/** Follows the standings, but not while the page is hidden. */
export function follow(options: Options, listener: Listener): void {
  let stop = start(options, listener);
  document.addEventListener('visibilitychange', () => {
    stop();
    stop = document.hidden ? () => undefined : start(options, listener);
  });
}

function start(options: Options, { onRows, onRefused, onState }: Listener): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  let source: EventSource | undefined;
  let isLive = false;

  function later(work: () => void, milliseconds: number): void {
    const timer = window.setTimeout(work, milliseconds);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
    });
  }

  async function refresh(): Promise<void> {
    try {
      const path = pathOf('/api/leaderboard/top', options, { limit: options.rows });
      const response = await fetch(path, {
        cache: 'no-store',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const body = (await response.json()) as Row[] | { error: { code: string } };
      if (isLive || signal.aborted) return;
      if (Array.isArray(body)) onRows(body);
      else onRefused(body.error.code);
      onState(source === undefined ? 'polling' : 'connecting');
    } catch {
      // No answer, or that of a proxy: the last rows stay.
      if (!isLive && !signal.aborted) onState('away');
    }
  }

  function poll(): void {
    if (isLive) return;
    void refresh();
    later(poll, REFRESH_MS);
  }

  function stream(): void {
    const opened = new EventSource(pathOf('/api/leaderboard/stream', options, { top: options.rows }));
    source = opened;
    signal.addEventListener('abort', () => {
      opened.close();
    });
    function giveUp(): void {
      if (source !== opened) return;
      opened.close();
      source = undefined;
      const wasLive = isLive;
      isLive = false;
      onState('polling');
      if (wasLive) poll();
      later(stream, STREAM_AGAIN_MS);
    }
    let hasBegun = false;
    later(() => {
      if (!hasBegun) giveUp();
    }, PATIENCE_MS);
    opened.addEventListener('standings', ({ data }: MessageEvent<string>) => {
      hasBegun = true;
      isLive = true;
      onRows((JSON.parse(data) as { top: Row[] }).top);
      onState('live');
    });
    opened.addEventListener('open', () => {
      if (isLive) onState('live');
    });
    opened.addEventListener('error', (event) => {
      // The service says why it ends a stream. Otherwise the browser connects again, unless it was refused.
      if (event instanceof MessageEvent || opened.readyState === EventSource.CLOSED) giveUp();
      else onState('away');
    });
  }

  onState('connecting');
  stream();
  poll();
  return () => {
    ended.abort();
  };
}
