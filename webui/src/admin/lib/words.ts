import { plural } from '../../lib/format';

/** "14 sessions", "no sessions". */
export function some(count: number, one: string): string {
  return count === 0 ? `no ${one}s` : plural(count, one);
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
