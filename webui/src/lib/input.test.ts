import { describe, expect, it } from 'vitest';
import { parseInteger } from './input';

describe('parseInteger', () => {
  it.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', null],
    ['0x10', null],
    ['\u0663', null],
    ['', null],
  ])('%s', (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });
});
