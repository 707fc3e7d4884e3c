/** How a call fails, and what the page says about it. */

import { strings } from '../lib/strings';

/** The service answered with an error. `code` is for programs, `message` for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds to wait before a retry, from Retry-After. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** No answer: the service or the network is down, or too slow. The request may have arrived. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(readonly timedOut: boolean) {
    const { errors } = strings();
    super(timedOut ? errors.timedOut : errors.unreachable);
  }
}

export function toApiError({ status, headers }: Response, body: string): ApiError {
  try {
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    const seconds = Number(headers.get('Retry-After')) || null;
    return new ApiError(status, error.code, strings().errors.byCode[error.code] ?? error.message, seconds);
  } catch {
    // Not the service's JSON, so probably from a proxy in front of it.
    return new ApiError(status, 'http_error', strings().errors.status(status));
  }
}

function hasCode(error: Error | null, ...codes: string[]): boolean {
  return error instanceof ApiError && codes.includes(error.code);
}

/** The key is unknown, revoked or expired. */
export function isKeyRefused(error: Error | null): boolean {
  return hasCode(error, 'invalid_api_key');
}

/** The key is valid, but not for this call. */
export function isScopeMissing(error: Error | null): boolean {
  return hasCode(error, 'scope_missing');
}

/** Whether a key, or another one, would help. Goes by the code: a 401 alone may come from a proxy. */
export function needsKey(error: Error | null): boolean {
  return hasCode(error, 'api_key_required', 'invalid_api_key', 'scope_missing');
}

export function isUnknownPlayer(error: Error | null): boolean {
  return hasCode(error, 'unknown_player');
}

/** A failure in a sentence or two. */
export function errorMessage(error: Error): string {
  const isExpected = error instanceof ApiError || error instanceof UnreachableError;
  const message = isExpected ? error.message : strings().errors.somethingWrong;
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  const text = /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
  // Not after a 5xx, which the page retries by itself and the player may retry at once.
  return error instanceof ApiError && error.status < 500 && error.retryAfter
    ? `${text} ${strings().errors.tryAgainIn(error.retryAfter)}`
    : text;
}
