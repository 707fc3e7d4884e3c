import { describe, expect, it } from 'vitest';
import type { Standing } from '../api/top';
import { compare, tell } from './changes';

function row(rank: number, user_id: number, total_score: number): Standing {
  return { rank, user_id, username: `p${user_id}`, total_score };
}

describe('compare', () => {
  it('finds nothing in the same rows', () => {
    const rows = [row(1, 7, 10), row(2, 8, 5)];
    expect(compare(rows, rows)).toEqual({});
  });

  it('tells who rose, who fell and who entered', () => {
    const before = [row(1, 1, 30), row(2, 2, 20)];
    const after = [row(1, 2, 40), row(2, 1, 30), row(3, 3, 10)];
    expect(compare(before, after)).toEqual({
      2: { places: 1, gained: 20, entered: false },
      1: { places: -1, gained: 0, entered: false },
      3: { places: 0, gained: 0, entered: true },
    });
  });

  it('goes by ranks, so that a tie is not a movement', () => {
    const before = [row(1, 1, 30), row(1, 2, 30)];
    expect(compare(before, [row(1, 2, 30), row(1, 1, 30)])).toEqual({});
  });
});

describe('tell', () => {
  it('says nothing of those who were only pushed down', () => {
    const after = [row(1, 2, 40), row(2, 1, 30)];
    expect(tell(after, compare([row(1, 1, 30), row(2, 2, 20)], after))).toBe('p2 rose to rank 1.');
  });

  it('is short, however much has changed', () => {
    const after = [1, 2, 3, 4, 5].map((id) => row(id, id, 100 - id));
    expect(tell(after, compare([], after))).toBe(
      'p1 entered at rank 1, p2 entered at rank 2, p3 entered at rank 3, and 2 more changes.',
    );
  });

  it('is silent when nothing has changed', () => {
    expect(tell([row(1, 1, 1)], {})).toBe('');
  });
});
