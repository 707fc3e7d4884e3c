import { describe, expect, it } from 'vitest';
import { countdown } from './countdown';

describe('countdown', () => {
  it.each([
    [-5, '00:00'],
    [1, '00:01'],
    [61_000, '01:01'],
    [3_600_000, '01:00:00'],
    [86_399_999, '1 d 00:00:00'],
    [(3 * 86_400 + 4 * 3600 + 5 * 60 + 6) * 1000, '3 d 04:05:06'],
  ])('%i ms: %s', (left, text) => {
    expect(countdown(left, (days) => `${days} d`)).toBe(text);
  });
});
