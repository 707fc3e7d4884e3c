/** Calls that change something. */

import { call } from '../../api/client';
import { ApiError } from '../../api/errors';

/** Longer than a read: a ban of thousands of players takes seconds. */
const TIMEOUT_MS = 60_000;

interface Options {
  body?: unknown;
  signal?: AbortSignal | undefined;
}

export async function send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, options: Options = {}): Promise<T> {
  return (await call<T>(path, { method, timeout: TIMEOUT_MS, ...options })).data;
}

/** The service says that nothing was changed. */
const NOTHING_CHANGED = ['database_unavailable', 'database_timeout', 'transaction_conflict', 'overloaded'];

/** Whether the service may have done what was asked, although the call failed. */
export function isOutcomeUnknown(error: Error): boolean {
  if (!(error instanceof ApiError)) return true;
  return error.status >= 500 && !NOTHING_CHANGED.includes(error.code);
}
