import { describe, expect, it } from 'vitest';
import type { Standing } from '../api/standing';
import { compareStandings } from '../api/standing';
import { describeChanges } from './describeChanges';

function row(rank: number, user_id: number, total_score: number): Standing {
  return { rank, user_id, username: `p${user_id}`, total_score };
}

describe('describeChanges', () => {
  it('leaves out players who were only pushed down', () => {
    const after = [row(1, 2, 40), row(2, 1, 30)];
    expect(describeChanges(after, compareStandings([row(1, 1, 30), row(2, 2, 20)], after))).toBe('p2 rose to rank 1.');
  });

  it('is short even after many changes', () => {
    const after = [1, 2, 3, 4, 5].map((id) => row(id, id, 100 - id));
    expect(describeChanges(after, compareStandings([], after))).toBe(
      'p1 entered at rank 1, p2 entered at rank 2, p3 entered at rank 3, and 2 more changes.',
    );
  });

  it('says totals as the board shows them', () => {
    const [before, after] = [row(1, 1, 30), row(1, 1, 83_456)];
    const changes = compareStandings([before], [after]);
    expect(describeChanges([after], changes)).toBe('p1 changed to 83,456 points.');
    expect(describeChanges([{ ...after, display: '1:23.456' }], changes)).toBe('p1 changed to 1:23.456.');
  });

  it('is empty without changes', () => {
    expect(describeChanges([row(1, 1, 1)], {})).toBe('');
  });
});
