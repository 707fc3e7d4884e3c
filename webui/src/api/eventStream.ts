/**
 * Reads Server-Sent Events by fetch: EventSource cannot send an API key.
 * See https://html.spec.whatwg.org/multipage/server-sent-events.html.
 */

import { currentKey, recordKeyAnswer } from './apiKey';
import { isKeyRefused, toApiError, UnreachableError } from './errors';

export interface Event {
  name: string;
  data: string;
  id: string | null;
}

export interface Listener {
  /** The service answered: events follow. */
  onOpen: () => void;
  onEvent: (event: Event) => void;
  /** Something arrived, an event or only a comment. */
  onSign: () => void;
}

/** Without a sign for so long, the connection is dead. The service sends a comment every 15 s. */
const SILENCE_MS = 35_000;

/** Splits a stream of text into its events. `feed` takes the text in pieces of any length. */
export function createParser(onEvent: (event: Event) => void): { feed: (text: string) => void } {
  let rest = '';
  let name = '';
  let data: string[] = [];
  let id: string | null = null;

  function endEvent() {
    if (data.length > 0) onEvent({ name: name === '' ? 'message' : name, data: data.join('\n'), id });
    name = '';
    data = [];
  }

  function read(line: string) {
    if (line === '') {
      endEvent();
      return;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  }

  return {
    feed(text) {
      rest += text;
      // A carriage return at the end may be half of a line end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      lines.forEach(read);
    },
  };
}

/**
 * Follows a stream until it ends or breaks. Resolves when the service ended it; throws an ApiError if the service
 * refuses it, and an UnreachableError if the connection broke.
 */
export async function follow(path: string, lastId: string | null, listener: Listener, signal: AbortSignal) {
  const key = currentKey();
  const silence = new AbortController();
  let timer = window.setTimeout(() => {
    silence.abort();
  }, SILENCE_MS);
  const sign = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      silence.abort();
    }, SILENCE_MS);
  };
  try {
    const response = await fetch(path, {
      headers: {
        Accept: 'text/event-stream',
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...(lastId === null ? {} : { 'Last-Event-ID': lastId }),
      },
      signal: AbortSignal.any([signal, silence.signal]),
      cache: 'no-store',
    });
    if (!response.ok || response.body === null) {
      const error = toApiError(response, await response.text());
      recordKeyAnswer(key, isKeyRefused(error));
      throw error;
    }
    listener.onOpen();
    const parser = createParser(listener.onEvent);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      sign();
      listener.onSign();
      parser.feed(value);
    }
  } catch (error) {
    if (signal.aborted || (error instanceof Error && error.name === 'ApiError')) throw error;
    throw new UnreachableError(silence.signal.aborted);
  } finally {
    window.clearTimeout(timer);
  }
}
