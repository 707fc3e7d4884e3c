import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { server } from '../test/server';
import { parseNext } from './link';
import type { Standing } from './standing';
import { append, fetchTop } from './top';

const OVERALL = { board: 'overall', season: null, split: null };

function rows(from: number, to: number): Standing[] {
  return Array.from({ length: to - from + 1 }, (_, position) => {
    const id = from + position;
    return { rank: id, user_id: id, username: `p${id}`, total_score: 10_000 - id };
  });
}

/** Serves /top for `total` players. Returns the limits of the requests. */
function serve(total: number): number[] {
  const limits: number[] = [];
  server.use(
    http.get('*/api/leaderboard/top', ({ request }) => {
      const { searchParams } = new URL(request.url);
      const limit = Number(searchParams.get('limit'));
      const first = Number(searchParams.get('after')?.split('.')[1] ?? 0) + 1;
      limits.push(limit);
      const page = rows(first, Math.min(total, first + limit - 1));
      const last = page.at(-1);
      const full = page.length === limit && last;
      return HttpResponse.json(page, {
        headers: full
          ? {
              Link: `</api/leaderboard/top?limit=${limit}&after=${last.total_score}.${last.user_id}>; rel="next"`,
            }
          : {},
      });
    }),
  );
  return limits;
}

describe('fetchTop', () => {
  it('sends one request for several pages', async () => {
    const limits = serve(200);
    expect((await fetchTop(OVERALL, 85)).rows).toEqual(rows(1, 85));
    expect(limits).toEqual([85]);
  });

  it('follows the Link header above the maximum limit', async () => {
    const limits = serve(2_000);
    const page = await fetchTop(OVERALL, 1_500);
    expect(page.rows).toEqual(rows(1, 1_500));
    expect(page.next).toContain('after=8500.1500');
    expect(limits).toEqual([1_000, 500]);
  });

  it('ends with the last player', async () => {
    serve(7);
    expect(await fetchTop(OVERALL, 10)).toEqual({ rows: rows(1, 7), next: null });
  });
});

describe('append', () => {
  it('keeps one row of a player who fell to the next page', () => {
    const page = append({ rows: rows(1, 3), next: 'a' }, { rows: [...rows(4, 5), ...rows(2, 2)], next: 'b' });
    expect(page.rows.map((row) => row.user_id)).toEqual([1, 3, 4, 5, 2]);
    expect(page.next).toBe('b');
  });
});

describe('parseNext', () => {
  it.each([
    [null, null],
    ['</top?after=5.7&limit=10>; rel="next"', '/top?after=5.7&limit=10'],
    ['</a>; rel="prev", </b>; rel="next"', '/b'],
    ['</a>; rel="prev"', null],
    ['</a>; title="x"; rel=next', '/a'],
  ])('reads %s', (link, next) => {
    expect(parseNext(link)).toBe(next);
  });
});
