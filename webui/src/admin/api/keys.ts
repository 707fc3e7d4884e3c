/** /api/leaderboard/api-keys: the API keys of this leaderboard. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { retryInterval } from '../../api/queryClient';
import { send } from './act';

const PATH = '/api/leaderboard/api-keys';

export interface ListedKey {
  id: string;
  name: string;
  scopes: string[];
  status: 'active' | 'revoked' | 'expired';
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

export async function fetchKeys(signal?: AbortSignal): Promise<ListedKey[]> {
  return (await call<ListedKey[]>(PATH, { signal })).data;
}

export function useKeys() {
  return useQuery({
    queryKey: ['api-keys'],
    queryFn: ({ signal }) => fetchKeys(signal),
    refetchInterval: ({ state: { error } }) => (error ? retryInterval(error) : false),
  });
}

export interface NewKey {
  name: string;
  scopes: string[];
  expires_at?: string | undefined;
}

export interface MadeKey {
  id: string;
  /** The key itself, which is never shown again. */
  api_key: string;
}

export function makeKey(key: NewKey): Promise<MadeKey> {
  return send<MadeKey>('POST', PATH, { body: key });
}

export function revokeKey(id: string): Promise<unknown> {
  return send('DELETE', `${PATH}/${id}`);
}
