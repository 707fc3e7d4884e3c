/** POST /api/leaderboard/submit?include=rank: counts a score, and answers the rank before and after. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client';
import type { components } from './schema';

export type SubmitRequest = components['schemas']['SubmitRequest'];
export type SubmitAnswer = components['schemas']['SubmitAnswer'];

export interface Submission {
  request: SubmitRequest;
  /** The same for every try of the same intent: the service counts it once. */
  key: string;
}

export async function submitScore({ request, key }: Submission): Promise<SubmitAnswer> {
  const { data } = await call<SubmitAnswer>('/api/leaderboard/submit?include=rank', {
    method: 'POST',
    body: request,
    headers: { 'Idempotency-Key': key },
  });
  return data;
}

export function useSubmit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: submitScore,
    // Whatever is shown may be another now: the board, the player looked up, the chart.
    onSuccess: () => void client.invalidateQueries(),
  });
}
