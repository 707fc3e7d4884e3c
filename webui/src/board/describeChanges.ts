import type { Changes, Standing } from '../api/standing';
import { shownTotal } from '../lib/format';
import { strings } from '../lib/strings';

const MAX_CHANGES = 3;

/** The changes as one sentence for screen readers; empty if there are none. */
export function describeChanges(rows: readonly Standing[], changes: Changes): string {
  const { board } = strings();
  const sentences: string[] = [];
  for (const row of rows) {
    const { user_id: userId, username, rank } = row;
    const change = changes[userId];
    if (!change) continue;
    if (change.entered) sentences.push(board.enteredAt(username, rank));
    else if (change.places > 0) sentences.push(board.roseTo(username, rank));
    // A player who was only pushed down is left out: the one who passed them is reported.
    else if (change.gained !== 0)
      sentences.push(board.changedTo(username, row.display ?? board.points(shownTotal(row))));
  }
  if (sentences.length === 0) return '';
  const more = sentences.length - MAX_CHANGES;
  const told = sentences.slice(0, MAX_CHANGES).join(', ');
  return `${more > 0 ? board.moreChanges(told, more) : told}.`;
}
