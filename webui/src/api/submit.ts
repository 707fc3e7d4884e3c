/** POST /api/leaderboard/submit?include=rank: records a score and returns the rank before and after it. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, onBoard } from './client';
import { needsKey } from './errors';
import type { components } from './schema';

export type SubmitRequest = components['schemas']['SubmitRequest'];
/** `username` is the player's name. A submission does not rename a known player. */
export type SubmitAnswer = components['schemas']['SubmitAnswer'] & { username?: string };

interface Submission {
  board: string;
  request: SubmitRequest;
  /** The same for every retry, so that the service counts the score once. */
  idempotencyKey: string;
}

async function submitScore({ board, request, idempotencyKey }: Submission): Promise<SubmitAnswer> {
  const { data } = await call<SubmitAnswer>(onBoard('/api/leaderboard/submit?include=rank', board), {
    method: 'POST',
    body: request,
    headers: { 'Idempotency-Key': idempotencyKey },
  });
  return data;
}

export function useSubmit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: submitScore,
    // The score may change everything: the board, the player, the chart.
    onSuccess: () => void client.invalidateQueries(),
    // So that the form locks if submitting is not allowed any more.
    onError: (error) => {
      if (needsKey(error)) void client.invalidateQueries({ queryKey: ['access'] });
    },
  });
}
