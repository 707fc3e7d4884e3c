import { act, renderHook } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { failure, KEY, OTHER_KEY, server } from '../test/server';
import { recordKeyAnswer, setKey, useKeyRefused } from './apiKey';
import { call } from './client';
import { ApiError, errorMessage, needsKey, UnreachableError } from './errors';

describe('call', () => {
  it('returns data and headers', async () => {
    server.use(http.get('*/x', () => HttpResponse.json([1], { headers: { Link: 'here' } })));
    const { data, headers } = await call<number[]>('/x');
    expect(data).toEqual([1]);
    expect(headers.get('Link')).toBe('here');
  });

  it('throws the error of the service with its message', async () => {
    server.use(http.get('*/x', () => failure(422, 'submission_key_reused', 'the key was used')));
    const error = await call('/x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, code: 'submission_key_reused' });
    expect(errorMessage(error as ApiError)).toBe('The key was used.');
  });

  it('handles the HTML answer of a proxy', async () => {
    server.use(http.get('*/x', () => new HttpResponse('<h1>Bad Gateway</h1>', { status: 502 })));
    await expect(call('/x')).rejects.toMatchObject({ status: 502, code: 'http_error' });
  });

  it('distinguishes a network error from an answer', async () => {
    server.use(http.get('*/x', () => HttpResponse.error()));
    await expect(call('/x')).rejects.toEqual(new UnreachableError(false));
  });

  it('times out', async () => {
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

  it('sends the API key if there is one, and not in the URL', async () => {
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

  it('sends another key if asked to', async () => {
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
  ])('tracks whether the key is refused after %s', async (_, answer, afterGood, afterRefused) => {
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
      recordKeyAnswer(KEY, true);
    });
    // A late answer from a process that has not heard of it yet.
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
    [401, 'api_key_required', {}, true, 'The server requires an API key.'],
    [401, 'invalid_api_key', {}, true, 'As the service says it.'],
    [403, 'scope_missing', {}, true, 'As the service says it.'],
    [401, 'a_code_of_a_proxy', {}, false, 'As the service says it.'],
    [403, 'origin_not_allowed', {}, false, 'As the service says it.'],
    [422, 'gain_too_large', {}, false, 'As the service says it.'],
    [429, 'rate_limited', {}, false, 'Too many requests.'],
    [429, 'rate_limited', { 'Retry-After': '7' }, false, 'Too many requests. Try again in 7 seconds.'],
    [429, 'rate_limited', { 'Retry-After': '1' }, false, 'Too many requests. Try again in 1 second.'],
    [503, 'overloaded', { 'Retry-After': '1' }, false, 'As the service says it.'],
  ])('says what to do about %i %s', async (status, code, headers, asks, told) => {
    server.use(http.get('*/x', () => failure(status, code, 'as the service says it', headers)));
    const error: unknown = await call('/x').catch((caught: unknown) => caught);
    expect(errorMessage(error as ApiError)).toBe(told);
    expect(needsKey(error as ApiError)).toBe(asks);
  });

  it('rethrows the cancellation of the caller', async () => {
    const caller = new AbortController();
    caller.abort();
    await expect(call('/x', { signal: caller.signal })).rejects.not.toBeInstanceOf(UnreachableError);
  });
});
