import { describe, expect, it } from 'vitest';
import { ApiError, UnreachableError } from './errors';
import { REFRESH_MS, retryInterval, RETRY_MS } from './queryClient';

describe('retryInterval', () => {
  it.each([
    [new UnreachableError(true), RETRY_MS],
    [new ApiError(503, 'overloaded', '', 1), RETRY_MS],
    [new ApiError(401, 'api_key_required', ''), REFRESH_MS],
    [new ApiError(403, 'scope_missing', ''), REFRESH_MS],
    [new ApiError(404, 'player_not_found', ''), REFRESH_MS],
    [new ApiError(429, 'rate_limited', '', 2), REFRESH_MS],
    [new ApiError(429, 'rate_limited', '', 60), 60_000],
  ])('%o', (error, interval) => {
    expect(retryInterval(error)).toBe(interval);
  });
});
