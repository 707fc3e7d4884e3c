import { describe, expect, it } from 'vitest';
import type { LoggedAct } from '../api/moderation';
import { describeExtent, describeFilter, isUndoable } from './describeAct';

const ACT: LoggedAct = {
  id: 12,
  at: '2026-01-31T12:00:00Z',
  operator: 'tests',
  action: 'void',
  user_id: 7,
  reason: 'speed hack',
  filter: { user_id: 7, board: 'daily', above: 5000, session_id: null, unknown: 1 },
  sessions: 2,
  players: 1,
  until: null,
  undoes: null,
  undone_by: null,
};

describe('an act in the log', () => {
  it('says its conditions and its extent', () => {
    expect(describeFilter(ACT.filter)).toBe('board daily, score better than 5000');
    expect(describeFilter(null)).toBe('');
    expect(describeExtent(ACT)).toBe('2 sessions, 1 player');
    expect(describeExtent({ ...ACT, sessions: null, players: null })).toBe('');
  });

  it('can be undone once', () => {
    expect(isUndoable(ACT)).toBe(true);
    expect(isUndoable({ ...ACT, undone_by: 13 })).toBe(false);
    expect(isUndoable({ ...ACT, action: 'undo' })).toBe(false);
    expect(isUndoable({ ...ACT, action: 'recompute' })).toBe(false);
  });
});
