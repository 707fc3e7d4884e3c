import { act, renderHook } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { noteAnswer, setKey, useKeyRefused } from '../key/key';
import { failure, KEY, OTHER_KEY, server } from '../test/server';
import { ApiError, asksForKey, call, messageOf, UnreachableError } from './client';

describe('call', () => {
  it('gives data and headers', async () => {
    server.use(http.get('*/x', () => HttpResponse.json([1], { headers: { Link: 'here' } })));
    const { data, headers } = await call<number[]>('/x');
    expect(data).toEqual([1]);
    expect(headers.get('Link')).toBe('here');
  });

  it('tells the error of the service in its words', async () => {
    server.use(http.get('*/x', () => failure(422, 'submission_key_reused', 'the key was used')));
    const error = await call('/x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, code: 'submission_key_reused' });
    expect(messageOf(error as ApiError)).toBe('The key was used.');
  });

  it('understands that a proxy does not speak JSON', async () => {
    server.use(http.get('*/x', () => new HttpResponse('<h1>Bad Gateway</h1>', { status: 502 })));
    await expect(call('/x')).rejects.toMatchObject({ status: 502, code: 'http_error' });
  });

  it('tells a network that is down from an answer', async () => {
    server.use(http.get('*/x', () => HttpResponse.error()));
    await expect(call('/x')).rejects.toEqual(new UnreachableError(false));
  });

  it('does not wait without end', async () => {
    const limit = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    server.use(
      http.get('*/x', () => {
        limit.abort();
        return new Promise<never>(() => undefined);
      }),
    );
    await expect(call('/x')).rejects.toMatchObject({
      timedOut: true,
      message: 'The server did not answer in time.',
    });
  });

  it('carries the API key while there is one, and not in the address', async () => {
    const carried: (string | null)[] = [];
    server.use(
      http.get('*/x', ({ request }) => {
        carried.push(request.headers.get('Authorization'));
        expect(request.url).not.toContain('lb_');
        return HttpResponse.json([]);
      }),
    );
    await call('/x');
    setKey(KEY);
    await call('/x');
    setKey(null);
    await call('/x');
    expect(carried).toEqual([null, `Bearer ${KEY}`, null]);
  });

  it('carries another key where it is told to', async () => {
    setKey(KEY);
    server.use(http.get('*/x', ({ request }) => HttpResponse.json(request.headers.get('Authorization'))));
    expect((await call('/x', { key: OTHER_KEY })).data).toBe(`Bearer ${OTHER_KEY}`);
    expect((await call('/x', { key: null })).data).toBeNull();
  });

  it.each([
    ['invalid_api_key', () => failure(401, 'invalid_api_key', 'unknown'), true, true],
    ['a good answer', () => HttpResponse.json([]), false, false],
    ['scope_missing', () => failure(403, 'scope_missing', 'another scope'), false, false],
    ['rate_limited', () => failure(429, 'rate_limited', 'too many'), false, true],
    ['a proxy', () => new HttpResponse('', { status: 401 }), false, true],
    ['no answer', () => HttpResponse.error(), false, true],
  ])('knows of the key in use after %s', async (_, answer, afterGood, afterRefused) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    setKey(KEY);
    const { result } = renderHook(useKeyRefused);
    const send = async (key: string) => {
      await act(() => call('/x', { key }).catch(() => undefined));
    };
    server.use(http.get('*/x', answer));
    await send(KEY);
    expect(result.current).toBe(afterGood);
    act(() => {
      noteAnswer(KEY, true);
    });
    // An answer that was under way, from a process that did not know yet.
    await send(KEY);
    expect(result.current).toBe(true);
    vi.advanceTimersByTime(2_000);
    await send(OTHER_KEY);
    expect(result.current).toBe(true);
    await send(KEY);
    expect(result.current).toBe(afterRefused);
    act(() => {
      setKey(OTHER_KEY);
    });
    expect(result.current).toBe(false);
    vi.useRealTimers();
  });

  it.each([
    [401, 'api_key_required', {}, true, 'The server asks for an API key.'],
    [401, 'invalid_api_key', {}, true, 'As the service says it.'],
    [403, 'scope_missing', {}, true, 'As the service says it.'],
    [401, 'a_code_of_a_proxy', {}, false, 'As the service says it.'],
    [403, 'origin_not_allowed', {}, false, 'As the service says it.'],
    [422, 'gain_too_large', {}, false, 'As the service says it.'],
    [429, 'rate_limited', {}, false, 'These are more calls than the server allows.'],
    [
      429,
      'rate_limited',
      { 'Retry-After': '7' },
      false,
      'These are more calls than the server allows. Try again in 7 seconds.',
    ],
    [
      429,
      'rate_limited',
      { 'Retry-After': '1' },
      false,
      'These are more calls than the server allows. Try again in 1 second.',
    ],
    [503, 'overloaded', { 'Retry-After': '1' }, false, 'As the service says it.'],
  ])('says what people can do about %i %s', async (status, code, headers, asks, told) => {
    server.use(http.get('*/x', () => failure(status, code, 'as the service says it', headers)));
    const error: unknown = await call('/x').catch((caught: unknown) => caught);
    expect(messageOf(error as ApiError)).toBe(told);
    expect(asksForKey(error as ApiError)).toBe(asks);
  });

  it('passes on that the caller has changed his mind', async () => {
    const caller = new AbortController();
    caller.abort();
    await expect(call('/x', { signal: caller.signal })).rejects.not.toBeInstanceOf(UnreachableError);
  });
});
