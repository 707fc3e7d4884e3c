/** /api/leaderboard/players: finding players, and all about one. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { retryInterval } from '../../api/queryClient';
import type { components } from '../../api/schema';
import { send } from './act';
import { usePaged, withQuery } from './paged';

const PATH = '/api/leaderboard/players';
const PAGE = 50;

type Schemas = components['schemas'];
type Attributes = Readonly<Record<string, string>>;
export type FoundPlayer = Omit<Schemas['FoundPlayer'], 'attributes'> & { attributes: Attributes | null };
export type Player = Omit<Schemas['Profile'], 'attributes'> & { attributes: Attributes | null };
export type Session = Schemas['PlayedSession'];
export type AttributeKey = Schemas['AttributeKey'];
export type ErasedPlayer = Schemas['ErasedPlayer'];

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

/** The attributes that players may have here. */
export function useAttributeKeys() {
  return useQuery({
    queryKey: ['attributes'],
    queryFn: async ({ signal }) => (await call<AttributeKey[]>('/api/leaderboard/attributes', { signal })).data,
  });
}

export function changePlayer(userId: number, changes: Schemas['PlayerChanges']): Promise<Schemas['ChangedPlayer']> {
  return send<Schemas['ChangedPlayer']>('PATCH', `${PATH}/${userId}`, { body: changes });
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

export function erasePlayer(userId: number, isDryRun: boolean, signal?: AbortSignal): Promise<ErasedPlayer> {
  return send<ErasedPlayer>('DELETE', `${PATH}/${userId}?${isDryRun ? 'dry_run=1' : `confirm=${userId}`}`, { signal });
}
