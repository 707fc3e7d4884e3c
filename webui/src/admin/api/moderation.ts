/** /api/leaderboard/moderation: acts on sessions and players, their log, and the back-test of score rules. */

import { send } from './act';
import { usePaged, withQuery } from './paged';

const PATH = '/api/leaderboard/moderation';
const PAGE = 50;

export type ActKind = 'void' | 'restore' | 'ban' | 'hide' | 'unban' | 'undo';

/** What an act changes, or would change. */
export interface Effect {
  /** The number of the act in the log; null after a dry run. */
  act: number | null;
  sessions: number;
  players: number;
  /** Totals on boards that change, appear or go. */
  ranks: number;
  dry_run: boolean;
}

/** Which sessions; all that are given must hold. */
export interface SessionFilter {
  user_id?: number | undefined;
  player?: string | undefined;
  session_id?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  above?: number | undefined;
  board?: string | undefined;
}

export interface ActBody extends SessionFilter {
  reason: string;
  act?: number;
  user_ids?: number[];
  players?: string[];
  until?: string | undefined;
}

export function moderate(kind: ActKind, body: ActBody, isDryRun: boolean, signal?: AbortSignal): Promise<Effect> {
  return send<Effect>('POST', `${PATH}/${kind}${isDryRun ? '?dry_run=1' : ''}`, { body, signal });
}

export interface LoggedAct {
  id: number;
  at: string;
  operator: string;
  action: ActKind | 'recompute';
  user_id: number | null;
  reason: string;
  filter: Record<string, unknown> | null;
  sessions: number | null;
  players: number | null;
  until: string | null;
  undoes: number | null;
  undone_by: number | null;
}

/** The log, newest first. `player`: only acts on this player. */
export function useModerationLog(player: { user_id?: string; player?: string }) {
  return usePaged<LoggedAct>(withQuery(PATH, { limit: PAGE, ...player }));
}

export interface RuleTest {
  board: string;
  days: number;
  min_score?: number | undefined;
  max_score?: number | undefined;
  max_submissions_per_minute?: number | undefined;
  max_gain_per_hour?: number | undefined;
  max_score_per_second?: number | undefined;
}

/** A player whom the rules would have caught. */
export interface Caught {
  user_id: number;
  username: string;
  sessions: number;
  worst_score: number;
  first_at: string;
  last_at: string;
}

export function testRules(rules: RuleTest): Promise<Caught[]> {
  return send<Caught[]>('POST', `${PATH}/test-rules`, { body: rules });
}
