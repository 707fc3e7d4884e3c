/** Numbers that people type. */

import { strings } from './strings';

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
  if (text.trim() === '') return strings().player.noId;
  const value = parseInteger(text);
  if (value !== null && value >= 1 && value <= MAX_USER_ID) return undefined;
  return strings().player.badId(MAX_USER_ID);
}
