/** The one way to the service: every call has a limit, and fails as an ApiError or an UnreachableError. */

const TIMEOUT_MS = 8_000;

/** The service answered, and the answer is an error. `code` is for the program, `message` for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
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
  signal?: AbortSignal | undefined;
}

export async function call<T>(
  address: string,
  { method = 'GET', body, headers, signal }: Call = {},
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
  if (!response.ok) throw errorOf(response.status, text);
  return { data: JSON.parse(text) as T, headers: response.headers };
}

function errorOf(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new ApiError(status, error.code, error.message);
  } catch {
    // Not the service's own answer: a proxy in front of it, most likely.
    return new ApiError(status, 'http_error', `The server answered with status ${status}.`);
  }
}

/** What to tell about a failure, as a sentence. */
export function messageOf(error: Error): string {
  const text =
    error instanceof ApiError || error instanceof UnreachableError ? error.message : 'Something went wrong.';
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
