import { describe, expect, it } from 'vitest';
import { fromInstant, toInstant } from './time';

describe('times that people type', () => {
  it.each(['2026-01-31T12:00', '2026-07-31T12:00:30'])('are the same after a round trip: %s', (typed) => {
    expect(fromInstant(toInstant(typed))).toBe(typed);
  });

  it('are nothing if they are empty or wrong', () => {
    expect(toInstant('')).toBeUndefined();
    expect(toInstant('soon')).toBeUndefined();
    expect(fromInstant(null)).toBe('');
  });
});
