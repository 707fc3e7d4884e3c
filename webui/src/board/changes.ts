/** What a refresh changed in the rows that are shown. */

import type { Standing } from '../api/top';

export interface Change {
  /** Ranks risen (above 0) or fallen (below 0) since the last refresh. */
  places: number;
  /** What the total grew by. */
  gained: number;
  /** Was not among the rows before. */
  entered: boolean;
}

export type Changes = Readonly<Record<number, Change>>;

/** The players whose rank or total is not what it was, by user id. */
export function compare(before: readonly Standing[], after: readonly Standing[]): Changes {
  const known = new Map(before.map((row) => [row.user_id, row]));
  const changes: Record<number, Change> = {};
  for (const row of after) {
    const old = known.get(row.user_id);
    if (!old) {
      changes[row.user_id] = { places: 0, gained: 0, entered: true };
    } else if (old.rank !== row.rank || old.total_score !== row.total_score) {
      changes[row.user_id] = {
        places: old.rank - row.rank,
        gained: row.total_score - old.total_score,
        entered: false,
      };
    }
  }
  return changes;
}

/** One sentence for those who do not see the rows move; empty when there is nothing to tell. */
export function tell(rows: readonly Standing[], changes: Changes): string {
  const told: string[] = [];
  let silent = 0;
  for (const row of rows) {
    const change = changes[row.user_id];
    if (!change) continue;
    // Who is pushed down is told by the one who passed him.
    if (!change.entered && change.places <= 0 && change.gained === 0) continue;
    if (told.length === 3) {
      silent += 1;
    } else if (change.entered) {
      told.push(`${row.username} entered at rank ${row.rank}`);
    } else if (change.places > 0) {
      told.push(`${row.username} rose to rank ${row.rank}`);
    } else {
      told.push(`${row.username} changed to ${row.total_score.toLocaleString('en')} points`);
    }
  }
  if (told.length === 0) return '';
  return `${told.join(', ')}${silent > 0 ? `, and ${silent} more changes` : ''}.`;
}
