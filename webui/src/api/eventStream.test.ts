import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { failure, KEY, server } from '../test/server';
import { setKey } from './apiKey';
import type { Event } from './eventStream';
import { createParser, follow } from './eventStream';

const STREAM =
  'retry: 2000\n\n: comment\n\nevent: standings\nid: ab\ndata: {"top":[]}\n\nid: cd\r\ndata:one\r\ndata: two\r\n\r\n';
const EVENTS = [
  { name: 'standings', data: '{"top":[]}', id: 'ab' },
  { name: 'message', data: 'one\ntwo', id: 'cd' },
];

function listener(onEvent: (event: Event) => void) {
  return { onOpen: () => undefined, onSign: () => undefined, onEvent };
}

describe('a stream of events', () => {
  it.each([1, 2, 3, 7, 1000])('is read in pieces of %i characters', (size) => {
    const events: Event[] = [];
    const parser = createParser((event) => events.push(event));
    for (let at = 0; at < STREAM.length; at += size) parser.feed(STREAM.slice(at, at + size));
    expect(events).toEqual(EVENTS);
  });

  it('is asked for with the key and the last event, and ends', async () => {
    setKey(KEY);
    server.use(
      http.get('*/stream', ({ request }) => {
        expect(request.headers.get('Authorization')).toBe(`Bearer ${KEY}`);
        expect(request.headers.get('Last-Event-ID')).toBe('ab');
        return new HttpResponse(STREAM, { headers: { 'Content-Type': 'text/event-stream' } });
      }),
    );
    const events: Event[] = [];
    await follow(
      '/stream',
      'ab',
      listener((event) => events.push(event)),
      new AbortController().signal,
    );
    expect(events).toEqual(EVENTS);
  });

  it('is refused with the error of the service', async () => {
    server.use(http.get('*/stream', () => failure(503, 'too_many_streams', 'too many', { 'Retry-After': '7' })));
    const refused = follow(
      '/stream',
      null,
      listener(() => undefined),
      new AbortController().signal,
    );
    await expect(refused).rejects.toMatchObject({ status: 503, code: 'too_many_streams', retryAfter: 7 });
  });

  it('breaks', async () => {
    server.use(http.get('*/stream', () => HttpResponse.error()));
    const broken = follow(
      '/stream',
      null,
      listener(() => undefined),
      new AbortController().signal,
    );
    await expect(broken).rejects.toMatchObject({ name: 'UnreachableError' });
  });
});
