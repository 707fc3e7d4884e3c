import { describe, expect, it } from 'vitest';
import { anyNumber, limit, required, wholeNumber } from './checks';

describe('checks of fields', () => {
  it.each(['', ' ', '0', '9', ' 5 '])('a number from 0 to 9 may be %j', (text) => {
    expect(wholeNumber(0, 9)(text)).toBeUndefined();
  });

  it.each(['10', '-1', '1.5', '1e3', 'x'])('a number from 0 to 9 may not be %j', (text) => {
    expect(wholeNumber(0, 9)(text)).toBe('Enter a whole number from 0 to 9.');
  });

  it('says what is missing, and what is too long', () => {
    expect(required('a reason', 5)('  ')).toBe('Enter a reason.');
    expect(required('a reason', 5)('\u{1F600}'.repeat(6))).toBe('At most 5 characters; these are 6.');
    expect(required('a reason', 5)('\u{1F600}'.repeat(5))).toBeUndefined();
  });

  it('knows bounds that need no words', () => {
    expect(anyNumber('-5')).toBeUndefined();
    expect(anyNumber('x')).toBe('Enter a whole number.');
    expect(limit('2147483648')).toBe('Enter a whole number from 0 to 2,147,483,647.');
  });
});
