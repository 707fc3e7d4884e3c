/** Changing boards. The list of boards is in api/boards.ts. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { components } from '../../api/schema';
import { send } from './act';

const PATH = '/api/leaderboard/boards';

type Schemas = components['schemas'];
export type Season = Schemas['Season'];
export type ChangedBoard = Schemas['ChangedBoard'];

export async function fetchSeasons(board: string, signal?: AbortSignal): Promise<Schemas['BoardSeasons']> {
  const path = `/api/leaderboard/seasons?board=${encodeURIComponent(board)}`;
  return (await call<Schemas['BoardSeasons']>(path, { signal })).data;
}

/** The seasons of a board, newest first: the last hundred. */
export function useSeasons(board: string) {
  return useQuery({ queryKey: ['seasons', board], queryFn: ({ signal }) => fetchSeasons(board, signal) });
}

/** The options of a board and its score rules, by name. */
export type BoardOptions = Readonly<Record<string, string | number | boolean | null>>;

export function createBoard(name: string, options: BoardOptions): Promise<unknown> {
  return send('POST', PATH, { body: { name, ...options } });
}

export function alterBoard(
  board: string,
  changes: BoardOptions,
  isDryRun: boolean,
  signal?: AbortSignal,
): Promise<ChangedBoard> {
  const path = `${PATH}/${encodeURIComponent(board)}${isDryRun ? '?dry_run=1' : ''}`;
  return send<ChangedBoard>('PATCH', path, { body: changes, signal });
}

export function deleteBoard(board: string): Promise<unknown> {
  const name = encodeURIComponent(board);
  return send('DELETE', `${PATH}/${name}?confirm=${name}`);
}

/** Ends a season by its number, so that a retry ends no second one. */
export function endSeason(board: string, season: number): Promise<Schemas['EndedSeason']> {
  return send('POST', `${PATH}/${encodeURIComponent(board)}/end-season?season=${season}`);
}
