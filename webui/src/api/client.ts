/** The one way to the service: every call has a limit, and fails as an ApiError or an UnreachableError. */

import { plural } from '../app/format';
import { FIRST_BOARD } from '../app/location';
import { currentKey, noteAnswer } from '../key/key';

const TIMEOUT_MS = 8_000;

/** The service answered, and the answer is an error. `code` is for the program, `message` for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The seconds after which to try again, where the service says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** No answer came: the service or the network is down, or it took too long. What was sent may have arrived. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(readonly timedOut: boolean) {
    super(timedOut ? 'The server did not answer in time.' : 'The server cannot be reached.');
  }
}

export interface Answer<T> {
  data: T;
  headers: Headers;
}

interface Call {
  method?: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
  /** Another API key than the one in use. */
  key?: string | null;
  signal?: AbortSignal | undefined;
}

/** The address of a call on a board. */
export function onBoard(address: string, board: string): string {
  if (board === FIRST_BOARD) return address;
  return `${address}${address.includes('?') ? '&' : '?'}board=${encodeURIComponent(board)}`;
}

export async function call<T>(
  address: string,
  { method = 'GET', body, headers, key = currentKey(), signal }: Call = {},
): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: 'no-store',
    });
    text = await response.text();
  } catch (error) {
    // The caller's own wish, as when the player looked up has changed, is no failure.
    if (signal?.aborted) throw error;
    throw new UnreachableError(limit.aborted);
  }
  const error = response.ok ? null : errorOf(response, text);
  // Other failures say nothing of the key: they may be a proxy's, or come before it is looked at.
  if (!error || lacksScope(error) || refusesKey(error)) noteAnswer(key, refusesKey(error));
  if (error) throw error;
  return { data: JSON.parse(text) as T, headers: response.headers };
}

/** What the service says for programs, said for the people in front of the page. */
const MESSAGES: Readonly<Record<string, string>> = {
  api_key_required: 'The server asks for an API key.',
  rate_limited: 'These are more calls than the server allows.',
};

function errorOf({ status, headers }: Response, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    const seconds = Number(headers.get('Retry-After')) || null;
    return new ApiError(status, error.code, MESSAGES[error.code] ?? error.message, seconds);
  } catch {
    // Not the service's own answer: a proxy in front of it, most likely.
    return new ApiError(status, 'http_error', `The server answered with status ${status}.`);
  }
}

const INVALID_KEY = 'invalid_api_key';
const SCOPE_MISSING = 'scope_missing';
/** The failures that a key, or another one, would help. A 401 alone may be a proxy's. */
const OF_KEY: readonly string[] = ['api_key_required', INVALID_KEY, SCOPE_MISSING];

/** Whether the key that was sent is none, as one that was revoked. */
export function refusesKey(error: unknown): boolean {
  return error instanceof ApiError && error.code === INVALID_KEY;
}

/** Whether the key that was sent is good, and not for this call. */
export function lacksScope(error: unknown): boolean {
  return error instanceof ApiError && error.code === SCOPE_MISSING;
}

export function asksForKey(error: Error | null): boolean {
  return error instanceof ApiError && OF_KEY.includes(error.code);
}

/** What to tell about a failure, in a sentence or two. */
export function messageOf(error: Error): string {
  const known = error instanceof ApiError || error instanceof UnreachableError;
  const text = known ? error.message : 'Something went wrong.';
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  const told = /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
  // A 5xx is tried again by itself, or at once by the player.
  return error instanceof ApiError && error.status < 500 && error.retryAfter
    ? `${told} Try again in ${plural(error.retryAfter, 'second')}.`
    : told;
}
