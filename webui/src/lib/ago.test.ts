import { describe, expect, it } from 'vitest';
import { ago } from './ago';

describe('ago', () => {
  it.each([
    [-5, 'just now'],
    [999, 'just now'],
    [3_400, '3 s ago'],
    [61_000, '1 min ago'],
    [7_200_000, '2 h ago'],
  ])('formats an age of %i ms', (milliseconds, text) => {
    expect(ago(milliseconds)).toBe(text);
  });
});
