import { describe, expect, it } from 'vitest';
import { compact, number, plural, share, shownTotal, signed } from './format';

describe('format', () => {
  it('separates thousands', () => {
    expect(number(9_007_199_254_740_991)).toBe('9,007,199,254,740,991');
    expect(compact(187_535)).toBe('187.5K');
    expect(signed(300)).toBe('+300');
    expect(signed(-1_300)).toBe('\u22121,300');
  });

  it('shows a total as its board does', () => {
    expect(shownTotal({ total_score: 83_456 })).toBe('83,456');
    expect(shownTotal({ total_score: 83_456, display: null })).toBe('83,456');
    expect(shownTotal({ total_score: 83_456, display: '1:23.456' })).toBe('1:23.456');
  });

  it.each([
    [1, '1 place'],
    [2, '2 places'],
    [1_000, '1,000 places'],
  ])('counts %i', (count, text) => {
    expect(plural(count, 'place')).toBe(text);
  });

  it.each([
    [50, 100, 0.5],
    [-5, 100, 0],
    [0, 0, 0],
    [-5, -3, 0],
  ])('computes the share of %i of %i', (total, leader, part) => {
    expect(share(total, leader)).toBe(part);
  });
});
