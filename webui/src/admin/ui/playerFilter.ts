import { parseInteger, userIdProblem } from '../../lib/input';

/** A player as people type them: a user id, or an external id. Nothing for an empty text. */
export function playerFilter(text: string): { user_id?: number; player?: string } {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  if (userIdProblem(trimmed) === undefined) return { user_id: parseInteger(trimmed) ?? 0 };
  return { player: trimmed };
}
