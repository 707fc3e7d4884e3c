/** POST /api/leaderboard/submit?include=rank: counts a score, and answers the rank before and after. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asksForKey, call, onBoard } from './client';
import type { components } from './schema';

export type SubmitRequest = components['schemas']['SubmitRequest'];
/** `username` is the name as it stands: one that is sent for a known player changes nothing. */
export type SubmitAnswer = components['schemas']['SubmitAnswer'] & { username?: string };

export interface Submission {
  board: string;
  request: SubmitRequest;
  /** The same for every try of the same intent: the service counts it once. */
  key: string;
}

export async function submitScore({ board, request, key }: Submission): Promise<SubmitAnswer> {
  const { data } = await call<SubmitAnswer>(onBoard('/api/leaderboard/submit?include=rank', board), {
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
    // The form knows then whether it may submit at all.
    onError: (error) => {
      if (asksForKey(error)) void client.invalidateQueries({ queryKey: ['access'] });
    },
  });
}
