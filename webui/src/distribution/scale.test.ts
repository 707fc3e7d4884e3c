import { describe, expect, it } from 'vitest';
import { isDwarfed, rootTicks, roundTicks } from './scale';

describe('the axes', () => {
  it.each([
    [0, 100, 5, [0, 20, 40, 60, 80, 100]],
    [93_800, 187_500, 5, [100_000, 120_000, 140_000, 160_000, 180_000]],
    [3, 5, 6, [3, 4, 5]],
    [-250, 250, 5, [-200, -100, 0, 100, 200]],
    [7, 7, 5, [7]],
  ])('from %i to %i have round ticks', (low, high, count, ticks) => {
    expect(roundTicks(low, high, count)).toEqual(ticks);
  });

  it('have a square-root scale if one bar dwarfs the rest', () => {
    expect(isDwarfed([1_000, 3, 0, 5, 4])).toBe(true);
    expect(isDwarfed([20, 3, 0, 5, 4])).toBe(false);
    expect(isDwarfed([1_000, 1])).toBe(true);
    expect(isDwarfed([1_000])).toBe(false);
    expect(isDwarfed([])).toBe(false);
    expect(rootTicks(1_000, 4)).toEqual([0, 60, 300, 600, 1_000]);
    expect(rootTicks(2, 4)).toEqual([0, 1, 2]);
  });
});
