import { plural } from '../../lib/format';
import type { ActKind, Effect } from '../api/moderation';

/** What an act changes, such as "14 sessions, 3 players, 9 ranks change". */
export function describeEffect({ sessions, players, ranks }: Effect): string {
  const change = ranks === 1 ? 'changes' : 'change';
  return `${plural(sessions, 'session')}, ${plural(players, 'player')}, ${plural(ranks, 'rank')} ${change}`;
}

export function changesNothing({ sessions, players }: Effect): boolean {
  return sessions === 0 && players === 0;
}

const DONE: Readonly<Record<ActKind, string>> = {
  void: 'Sessions voided',
  restore: 'Sessions restored',
  ban: 'Banned',
  hide: 'Hidden',
  unban: 'Ban lifted',
  undo: 'Undone',
};

/** What was done, in a sentence or two. */
export function describeDone(kind: ActKind, effect: Effect): string {
  if (effect.act === null) return 'Nothing was left to change.';
  return `${DONE[kind]}: ${describeEffect(effect)}. This is act ${effect.act} in the moderation log.`;
}
