/** /api/leaderboard/moderation: acts on sessions and players, their log, and the back-test of score rules. */

import type { components } from '../../api/schema';
import { send } from './act';
import { usePaged, withQuery } from './paged';

type Schemas = components['schemas'];

const PATH = '/api/leaderboard/moderation';
const PAGE = 50;

export type ActKind = 'void' | 'restore' | 'ban' | 'hide' | 'unban' | 'undo';

/** What an act changes, or would change. */
export type Effect = Schemas['ModerationAnswer'];

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

/** An act in the log. */
export type LoggedAct = Omit<Schemas['Act'], 'filter'> & { filter: Readonly<Record<string, unknown>> | null };

/** The log, newest first. `player`: only acts on this player. */
export function useModerationLog(player: { user_id?: number; player?: string }) {
  return usePaged<LoggedAct>(withQuery(PATH, { limit: PAGE, ...player }));
}

/** A player whom the rules would have caught. */
export type Caught = Schemas['CaughtPlayer'];

export function testRules(rules: Schemas['RulesToTest']): Promise<Caught[]> {
  return send<Caught[]>('POST', `${PATH}/test-rules`, { body: rules });
}
