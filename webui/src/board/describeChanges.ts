import type { Changes, Standing } from '../api/standing';
import { shownTotal } from '../lib/format';

const MAX_CHANGES = 3;

/** The changes as one sentence for screen readers; empty if there are none. */
export function describeChanges(rows: readonly Standing[], changes: Changes): string {
  const sentences: string[] = [];
  for (const row of rows) {
    const { user_id: userId, username, rank } = row;
    const change = changes[userId];
    if (!change) continue;
    if (change.entered) sentences.push(`${username} entered at rank ${rank}`);
    else if (change.places > 0) sentences.push(`${username} rose to rank ${rank}`);
    // A player who was only pushed down is left out: the one who passed them is reported.
    else if (change.gained !== 0)
      sentences.push(`${username} changed to ${shownTotal(row)}${row.display ? '' : ' points'}`);
  }
  if (sentences.length === 0) return '';
  const more = sentences.length - MAX_CHANGES;
  return `${sentences.slice(0, MAX_CHANGES).join(', ')}${more > 0 ? `, and ${more} more changes` : ''}.`;
}
