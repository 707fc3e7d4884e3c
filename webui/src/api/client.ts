/** Every call to the service. It has a time limit, and fails with an ApiError or an UnreachableError. */

import type { View } from '../lib/location';
import { DEFAULT_BOARD } from '../lib/location';
import { currentKey, recordKeyAnswer } from './apiKey';
import { isKeyRefused, isScopeMissing, toApiError, UnreachableError } from './errors';

const TIMEOUT_MS = 8_000;

export interface Answer<T> {
  data: T;
  headers: Headers;
}

interface CallOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  /** An API key to send instead of the current one. */
  key?: string | null;
  timeout?: number;
  signal?: AbortSignal | undefined;
}

/** Adds the board to the path of a call. */
export function onBoard(path: string, board: string): string {
  if (board === DEFAULT_BOARD) return path;
  return `${path}${path.includes('?') ? '&' : '?'}board=${encodeURIComponent(board)}`;
}

/** Adds board, season and split to the path of a call. */
export function onView(path: string, { board, season, split }: View): string {
  let full = onBoard(path, board);
  for (const [name, value] of Object.entries({ season, split })) {
    if (value !== null) full += `${full.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
  }
  return full;
}

export async function call<T>(
  path: string,
  { method = 'GET', body, headers, key = currentKey(), timeout: timeoutMs = TIMEOUT_MS, signal }: CallOptions = {},
): Promise<Answer<T>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      cache: 'no-store',
    });
    text = await response.text();
  } catch (error) {
    // The caller cancelled the call, for example because another player was looked up.
    if (signal?.aborted) throw error;
    throw new UnreachableError(timeout.aborted);
  }
  const error = response.ok ? null : toApiError(response, text);
  // Other failures may come from a proxy, or from before the key was checked.
  if (!error || isScopeMissing(error) || isKeyRefused(error)) recordKeyAnswer(key, isKeyRefused(error));
  if (error) throw error;
  return { data: JSON.parse(text) as T, headers: response.headers };
}
