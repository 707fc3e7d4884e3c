import { describe, expect, it } from 'vitest';
import { OVERALL } from '../../test/server';
import { changedOptions, initialValues, inWords, OPTIONS, requestOf } from './options';

const BOARD = {
  ...OVERALL,
  lowest_wins: true,
  opens_at: '2026-01-31T12:00:00Z',
  anchor: '2026-01-01T00:00:00',
  keep_seasons: 5,
  require_ticket: true,
};

function wordsFor(name: string, text: string): string {
  const option = OPTIONS.find((known) => known.name === name);
  return option ? inWords(option, text) : '';
}

describe('options of a board', () => {
  it('are not changed by the form itself', () => {
    const values = initialValues(BOARD);
    expect(changedOptions(values, initialValues(BOARD))).toEqual([]);
    expect(requestOf(OPTIONS, values)).toMatchObject({
      game_mode: null,
      aggregate: 'sum',
      lowest_wins: true,
      opens_at: '2026-01-31T12:00:00.000Z',
      anchor: '2026-01-01T00:00:00',
      keep_seasons: 5,
      min_score: 0,
      require_ticket: true,
      max_gain_per_hour: null,
    });
  });

  it('are sent only where they are different', () => {
    const before = initialValues(BOARD);
    const now = { ...before, keep_seasons: ' ', lowest_wins: '', max_score: ' 5000 ', anchor: '2026-02-01T06:30' };
    expect(requestOf(changedOptions(before, now), now)).toEqual({
      lowest_wins: false,
      anchor: '2026-02-01T06:30:00',
      keep_seasons: null,
      max_score: 5000,
    });
  });

  it.each([
    ['aggregate', 'best', 'Best score'],
    ['max_score', '5000', '5,000'],
    ['lowest_wins', '', 'no'],
    ['keep_seasons', '', 'all'],
    ['max_gain_per_hour', '', 'no limit'],
    ['anchor', '2026-02-01T06:30', '2026-02-01 06:30'],
  ])('have words: %s %s', (name, text, words) => {
    expect(wordsFor(name, text)).toBe(words);
  });
});
