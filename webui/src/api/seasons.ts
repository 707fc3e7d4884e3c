/** GET /api/leaderboard/seasons: the seasons of a board, newest first, with their winners. */

import { useQuery } from '@tanstack/react-query';
import { useView } from '../lib/location';
import { useBoard } from './boards';
import { call, onBoard } from './client';
import type { components } from './schema';

export type Season = components['schemas']['Season'];
type Seasons = components['schemas']['BoardSeasons'];

async function fetchSeasons(board: string, signal: AbortSignal): Promise<Season[]> {
  return (await call<Seasons>(onBoard('/api/leaderboard/seasons?limit=100', board), { signal })).data.seasons;
}

/** The last 100 seasons of the board; undefined on a board without, and while they are loading. */
export function useSeasons(): Season[] | undefined {
  const { board } = useView();
  const running = useBoard()?.season ?? null;
  return useQuery({
    // The number of the season that runs: a new season asks again.
    queryKey: ['seasons', board, running],
    queryFn: ({ signal }) => fetchSeasons(board, signal),
    enabled: running !== null,
    // While one is being closed.
    refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => state === 'closing') ? 2_000 : false),
  }).data;
}

/** The season in the address; undefined: the running one, or not known. */
export function usePastSeason(): Season | undefined {
  const { season } = useView();
  const seasons = useSeasons();
  if (season === null) return undefined;
  const found = season === 'previous' ? seasons?.[1] : seasons?.find((each) => String(each.season) === season);
  return found?.state === 'running' ? undefined : found;
}

/** Whether the page shows final standings, which do not change any more. */
export function useIsFinal(): boolean {
  return usePastSeason()?.state === 'closed';
}
