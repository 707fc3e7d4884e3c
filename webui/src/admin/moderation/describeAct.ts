import { plural } from '../../lib/format';
import type { LoggedAct } from '../api/moderation';
import { moment } from '../lib/time';

export const ACTIONS: Readonly<Record<LoggedAct['action'], string>> = {
  void: 'Void',
  restore: 'Restore',
  ban: 'Ban',
  hide: 'Hide',
  unban: 'Unban',
  undo: 'Undo',
  recompute: 'Recompute',
  erase: 'Erase',
};

const CONDITIONS: Readonly<Record<string, (value: unknown) => string>> = {
  session_id: (value) => `session ${String(value)}`,
  board: (value) => `board ${String(value)}`,
  above: (value) => `score better than ${String(value)}`,
  from: (value) => `from ${moment(String(value))}`,
  to: (value) => `to ${moment(String(value))}`,
  act: (value) => `of act ${String(value)}`,
  season: (value) => `season ${String(value)}`,
};

/** The conditions of an act, such as "board daily, score better than 5000". */
export function describeFilter(filter: LoggedAct['filter']): string {
  return Object.entries(filter ?? {})
    .filter(([name, value]) => value !== null && CONDITIONS[name] !== undefined)
    .map(([name, value]) => CONDITIONS[name]?.(value) ?? '')
    .join(', ');
}

/** How much an act changed. */
export function describeExtent({ sessions, players }: LoggedAct): string {
  return [
    ...(sessions === null ? [] : [plural(sessions, 'session')]),
    ...(players === null ? [] : [plural(players, 'player')]),
  ].join(', ');
}

const FINAL = new Set<LoggedAct['action']>(['undo', 'recompute', 'erase']);

/** Whether an act can be undone now. The service has the last word. */
export function isUndoable({ action, undone_by: undoneBy }: LoggedAct): boolean {
  return undoneBy === null && !FINAL.has(action);
}
