/** GET /api/leaderboard/splits: the parts of a board that is split, such as countries, with their players. */

import { useQuery } from '@tanstack/react-query';
import { useView } from '../lib/location';
import { useBoard } from './boards';
import { call, onView } from './client';
import type { components } from './schema';

export type Split = components['schemas']['Split'];

/** The parts of the board; undefined on a board that is not split, and while they are loading. */
export function useSplits(): Split[] | undefined {
  const { board, season } = useView();
  const isSplit = (useBoard()?.split_by ?? null) !== null;
  return useQuery({
    queryKey: ['splits', board, season],
    queryFn: async ({ signal }) => {
      const path = onView('/api/leaderboard/splits', { board, season, split: null });
      return (await call<Split[]>(path, { signal })).data;
    },
    enabled: isSplit,
  }).data;
}
