import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { failure, server } from '../test/server';
import { ApiError, call, messageOf, UnreachableError } from './client';

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

  it('passes on that the caller has changed his mind', async () => {
    const caller = new AbortController();
    caller.abort();
    await expect(call('/x', { signal: caller.signal })).rejects.not.toBeInstanceOf(UnreachableError);
  });
});
