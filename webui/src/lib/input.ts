/** Numbers that people type. */

const MAX_USER_ID = 2_147_483_647;

/** A whole number in plain digits, surrounding spaces ignored; null for anything else. */
export function parseInteger(text: string): number | null {
  const trimmed = text.trim();
  if (!/^-?\d{1,16}$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isSafeInteger(value) ? value : null;
}

/** Why a text is not a player id; undefined if it is one. */
export function userIdProblem(text: string): string | undefined {
  if (text.trim() === '') return 'Enter a player id.';
  const value = parseInteger(text);
  if (value !== null && value >= 1 && value <= MAX_USER_ID) return undefined;
  return `A player id is a whole number from 1 to ${MAX_USER_ID.toLocaleString('en')}.`;
}
