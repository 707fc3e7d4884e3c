/** GET /avatar-origins.json: from where this page may load pictures of players. Asked only if a player has one. */

import { useQuery } from '@tanstack/react-query';
import { call } from './client';

export function useAvatarOrigins(isNeeded: boolean): readonly string[] {
  const { data } = useQuery({
    queryKey: ['avatar-origins'],
    queryFn: async ({ signal }) => (await call<string[]>('/avatar-origins.json', { signal })).data,
    enabled: isNeeded,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return data ?? [];
}
