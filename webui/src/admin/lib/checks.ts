/** What is wrong with the text in a field; undefined if nothing is. */

import { number } from '../../lib/format';
import { parseInteger } from '../../lib/input';

export type Check = (text: string) => string | undefined;

/** A whole number within bounds, or nothing. */
export function wholeNumber(min: number, max: number): Check {
  return (text) => {
    if (text.trim() === '') return undefined;
    const value = parseInteger(text);
    if (value !== null && value >= min && value <= max) return undefined;
    return max === Number.MAX_SAFE_INTEGER && min === 0
      ? 'Enter a whole number, 0 or more.'
      : min === -Number.MAX_SAFE_INTEGER
        ? 'Enter a whole number.'
        : `Enter a whole number from ${number(min)} to ${number(max)}.`;
  };
}

/** A text that must be there, of at most `max` characters. */
export function required(what: string, max: number): Check {
  return (text) => {
    const { length } = Array.from(text.trim());
    if (length === 0) return `Enter ${what}.`;
    return length > max ? `At most ${number(max)} characters; these are ${number(length)}.` : undefined;
  };
}

export const MAX_INT = 2_147_483_647;
export const anyNumber = wholeNumber(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
export const limit = wholeNumber(0, MAX_INT);
