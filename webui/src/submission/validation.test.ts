import { describe, expect, it } from 'vitest';
import type { Form } from './validation';
import { DEFAULT_BOUNDS, requestOf, validate } from './validation';

const GOOD: Form = { userId: '7', score: '100', mode: 'solo', username: '' };

describe('validate', () => {
  it.each<[Partial<Form>, keyof Form | undefined]>([
    [{}, undefined],
    [{ userId: ' 7 ', score: ' 100 ' }, undefined],
    [{ userId: '2147483647', score: '2147483647' }, undefined],
    [{ username: '\u{1f31f}'.repeat(255), mode: 'm'.repeat(50) }, undefined],
    [{ userId: '' }, 'userId'],
    [{ userId: '0' }, 'userId'],
    [{ userId: '2147483648' }, 'userId'],
    [{ userId: '1e3' }, 'userId'],
    [{ score: '' }, 'score'],
    [{ score: '-1' }, 'score'],
    [{ score: '1.5' }, 'score'],
    [{ score: '2147483648' }, 'score'],
    [{ score: '99999999999999999999' }, 'score'],
    [{ mode: '' }, 'mode'],
    [{ mode: 'm'.repeat(51) }, 'mode'],
    [{ mode: 'a\tb' }, 'mode'],
    [{ username: 'x'.repeat(256) }, 'username'],
    [{ username: 'x ' }, 'username'],
    [{ username: 'a\u007fb' }, 'username'],
  ])('%j: %s', (change, wrong) => {
    expect(Object.keys(validate({ ...GOOD, ...change }, DEFAULT_BOUNDS))).toEqual(wrong ? [wrong] : []);
  });

  it('uses the bounds of the board', () => {
    expect(validate({ ...GOOD, score: '-50' }, { min: -50, max: 50 })).toEqual({});
    expect(validate(GOOD, { min: -50, max: 50 })).toEqual({
      score: 'A score is a whole number from -50 to 50.',
    });
  });
});

describe('requestOf', () => {
  it('omits an empty name', () => {
    expect(requestOf({ ...GOOD, userId: ' 7 ' })).toEqual({ user_id: 7, score: 100, game_mode: 'solo' });
    expect(requestOf({ ...GOOD, username: 'ada' })).toHaveProperty('username', 'ada');
  });
});
