import { describe, expect, it } from 'vitest';
import type { Standing } from './standing';
import { compareStandings } from './standing';

function row(rank: number, user_id: number, total_score: number): Standing {
  return { rank, user_id, username: `p${user_id}`, total_score };
}

describe('compareStandings', () => {
  it('finds nothing in the same rows', () => {
    const rows = [row(1, 7, 10), row(2, 8, 5)];
    expect(compareStandings(rows, rows)).toEqual({});
  });

  it('reports players who rose, fell or entered', () => {
    const before = [row(1, 1, 30), row(2, 2, 20)];
    const after = [row(1, 2, 40), row(2, 1, 30), row(3, 3, 10)];
    expect(compareStandings(before, after)).toEqual({
      2: { places: 1, gained: 20, entered: false },
      1: { places: -1, gained: 0, entered: false },
      3: { places: 0, gained: 0, entered: true },
    });
  });

  it('compares ranks, so a tie is not a movement', () => {
    const before = [row(1, 1, 30), row(1, 2, 30)];
    expect(compareStandings(before, [row(1, 2, 30), row(1, 1, 30)])).toEqual({});
  });
});
