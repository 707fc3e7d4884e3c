import type { components } from './schema';

export type Standing = components['schemas']['Standing'];

/** What a refresh changed for one player. */
export interface Change {
  /** Ranks gained (above 0) or lost (below 0). */
  places: number;
  /** Points gained. */
  gained: number;
  /** The player was not in the list before. */
  entered: boolean;
}

export type Changes = Readonly<Record<number, Change>>;

/** The players whose rank or total changed, by user id. */
export function compareStandings(before: readonly Standing[], after: readonly Standing[]): Changes {
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
