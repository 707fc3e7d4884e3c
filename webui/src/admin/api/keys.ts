/** /api/leaderboard/api-keys: the API keys of this leaderboard. */

import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { retryInterval } from '../../api/queryClient';
import type { components } from '../../api/schema';
import { send } from './act';

const PATH = '/api/leaderboard/api-keys';

type Schemas = components['schemas'];
export type ListedKey = Schemas['ListedApiKey'];
export type NewKey = Schemas['NewApiKey'];
export type MadeKey = Schemas['IssuedApiKey'];

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

export function makeKey(key: NewKey): Promise<MadeKey> {
  return send<MadeKey>('POST', PATH, { body: key });
}

export function revokeKey(id: string): Promise<unknown> {
  return send('DELETE', `${PATH}/${id}`);
}
