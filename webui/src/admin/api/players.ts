/** /api/leaderboard/players: finding players, and all about one. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { retryInterval } from '../../api/queryClient';
import { send } from './act';
import { usePaged, withQuery } from './paged';

const PATH = '/api/leaderboard/players';
const PAGE = 50;

export type Attributes = Readonly<Record<string, string>>;

export interface FoundPlayer {
  user_id: number;
  username: string;
  player?: string | null;
  attributes?: Attributes | null;
}

export interface Ban {
  act: number;
  action: 'ban' | 'hide';
  until: string | null;
}

export interface Player {
  user_id: number;
  username: string;
  join_date: string;
  players?: string[];
  attributes?: Attributes | null;
  ban?: Ban | null;
}

export interface Session {
  id: number;
  at: string;
  played_at: string | null;
  score: number;
  game_mode: string;
  metadata?: unknown;
  void_id?: number | null;
  reason?: string | null;
}

export function usePlayersByName(name: string) {
  return usePaged<FoundPlayer>(withQuery(PATH, { name, limit: PAGE }), name !== '');
}

/** A player by user id or external id. */
export function usePlayer(ref: string) {
  return useQuery({
    queryKey: ['player', ref],
    queryFn: async ({ signal }) => (await call<Player>(`${PATH}/${encodeURIComponent(ref)}`, { signal })).data,
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : false),
    enabled: ref !== '',
  });
}

export function useSessions(userId: number) {
  return usePaged<Session>(`${PATH}/${userId}/sessions?limit=${PAGE}`);
}

export interface AttributeKey {
  name: string;
  kind: string;
  max_length: number;
}

/** The attributes that players may have here. */
export function useAttributeKeys() {
  return useQuery({
    queryKey: ['attributes'],
    queryFn: async ({ signal }) => (await call<AttributeKey[]>('/api/leaderboard/attributes', { signal })).data,
  });
}

interface PlayerChanges {
  username?: string;
  /** null removes an attribute. */
  attributes?: Readonly<Record<string, string | null>>;
}

export function changePlayer(userId: number, changes: PlayerChanges): Promise<{ username?: string }> {
  return send<{ username?: string }>('PATCH', `${PATH}/${userId}`, { body: changes });
}

export function linkId(userId: number, player: string): Promise<unknown> {
  return send('POST', `${PATH}/${userId}/ids`, { body: { player } });
}

export function unlinkId(userId: number, player: string): Promise<unknown> {
  return send('DELETE', `${PATH}/${userId}/ids/${encodeURIComponent(player)}`);
}

/** Everything that is stored about a player. */
export async function exportPlayer(userId: number): Promise<unknown> {
  return (await call<unknown>(`${PATH}/${userId}/export`, { timeout: 60_000 })).data;
}

/** What an erasure removes, or would remove. */
export interface ErasedPlayer {
  user_id: number;
  sessions: number;
  totals: number;
  /** Closed seasons in which the player becomes anonymous. */
  seasons: number;
  dry_run: boolean;
}

export function erasePlayer(userId: number, isDryRun: boolean, signal?: AbortSignal): Promise<ErasedPlayer> {
  return send<ErasedPlayer>('DELETE', `${PATH}/${userId}?${isDryRun ? 'dry_run=1' : `confirm=${userId}`}`, { signal });
}
