import { act, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { recordKeyAnswer, setKey } from '../api/apiKey';
import { failure, KEY, server } from '../test/server';
import { show } from '../test/render';
import { SubmitCard } from './SubmitCard';

const ANSWER = {
  message: 'Score submitted successfully',
  user_id: 7,
  score: 100,
  total_score: 1_234_567,
  duplicate: false,
  rank: 3,
  previous_rank: 12,
};

async function fillAndSubmit() {
  await userEvent.type(screen.getByLabelText('Player id'), '7');
  await userEvent.type(screen.getByLabelText('Score'), '100');
  await userEvent.click(screen.getByRole('button', { name: 'Submit score' }));
}

/** Answers submissions. Returns the idempotency keys and bodies that arrive. */
function answer(...answers: (() => Response)[]) {
  const keys: (string | null)[] = [];
  const bodies: unknown[] = [];
  server.use(
    http.post('*/api/leaderboard/submit', async ({ request }) => {
      keys.push(request.headers.get('Idempotency-Key'));
      bodies.push(await request.json());
      return (answers.shift() ?? (() => HttpResponse.json(ANSWER)))();
    }),
  );
  return { keys, bodies };
}

describe('SubmitCard', () => {
  it('shows the total, the rank and the ranks gained', async () => {
    const { bodies } = answer();
    show(<SubmitCard />);
    await fillAndSubmit();
    const counted = await screen.findByTestId('counted');
    expect(counted).toHaveTextContent('1,234,567');
    expect(counted).toHaveTextContent('up 9 places');
    expect(screen.getByRole('status')).toHaveTextContent('Player 7: total 1,234,567, rank 3, up 9 places.');
    expect(bodies).toEqual([{ user_id: 7, score: 100, game_mode: 'solo' }]);
  });

  it('says that a known player keeps their name', async () => {
    answer(() => HttpResponse.json({ ...ANSWER, username: 'ada' }) as Response);
    show(<SubmitCard />);
    await userEvent.type(screen.getByLabelText('Name'), 'grace');
    await fillAndSubmit();
    const counted = await screen.findByTestId('counted');
    expect(counted).toHaveTextContent('100 for ada #7');
    expect(counted).toHaveTextContent('Known as ada; the name was not changed.');
    expect(screen.getByRole('status')).toHaveTextContent('Known as ada; the name was not changed.');
  });

  it.each([
    ['the same name', 'r\u00e9a', 're\u0301a'],
    ['no name', 'ada', ''],
  ])('does not mention the name if %s was sent', async (_, stands, sent) => {
    answer(() => HttpResponse.json({ ...ANSWER, username: stands }) as Response);
    show(<SubmitCard />);
    if (sent) await userEvent.type(screen.getByLabelText('Name'), sent);
    await fillAndSubmit();
    expect(await screen.findByTestId('counted')).toHaveTextContent(`for ${stands} #7`);
    expect(screen.queryByText(/Known as/)).not.toBeInTheDocument();
  });

  it('is locked if submitting is not allowed', async () => {
    let asked = 0;
    server.use(
      http.get('*/api/leaderboard/access', () => {
        asked += 1;
        return HttpResponse.json({ submit: false, read: true });
      }),
    );
    show(<SubmitCard />);
    expect(await screen.findByTestId('locked')).toHaveTextContent('Submitting scores requires an API key');
    expect(screen.queryByLabelText('Score')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Enter an API key' })).toBeInTheDocument();
    act(() => {
      setKey(KEY);
    });
    expect(screen.getByTestId('locked')).toHaveTextContent('The current API key may not submit scores.');
    expect(asked).toBe(1);
  });

  it('stays open if access is unknown', async () => {
    server.use(http.get('*/api/leaderboard/access', () => failure(503, 'database_unavailable', 'no database')));
    answer();
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByTestId('counted')).toBeInTheDocument();
  });

  it('keeps the idempotency key until the score is counted', async () => {
    const { keys } = answer(
      () => HttpResponse.error(),
      () => failure(503, 'outcome_unknown', 'the outcome is unknown') as Response,
    );
    show(<SubmitCard />);
    await fillAndSubmit();
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/The outcome is unknown\. You can safely try again/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByTestId('counted');
    await userEvent.type(screen.getByLabelText('Score'), '100');
    await userEvent.click(screen.getByRole('button', { name: 'Submit score' }));
    await waitFor(() => {
      expect(keys).toHaveLength(4);
    });
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('shows an error at its field', async () => {
    answer(() => failure(422, 'score_out_of_bounds', 'score must be 0 to 10 on this board') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    const score = screen.getByLabelText('Score');
    await waitFor(() => {
      expect(score).toHaveAccessibleDescription('Score must be 0 to 10 on this board.');
    });
    expect(score).toHaveFocus();
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it('asks for an API key and retries the same submission with it', async () => {
    const { keys, bodies } = answer(() => failure(401, 'api_key_required', 'no key') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByRole('alert')).toHaveTextContent('The server requires an API key.');
    expect(screen.getByRole('button', { name: 'Enter an API key' })).toBeInTheDocument();
    expect(screen.getByLabelText('Player id')).toHaveValue('7');
    expect(screen.getByLabelText('Score')).toHaveValue('100');
    act(() => {
      setKey(KEY);
    });
    await waitFor(() => {
      expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    });
    await userEvent.click(screen.getByRole('button', { name: 'Submit score' }));
    await screen.findByTestId('counted');
    expect(keys[1]).toBe(keys[0]);
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it('keeps saying that the key is refused while other calls fail, too', async () => {
    setKey(KEY);
    answer(() => failure(401, 'invalid_api_key', 'the API key is unknown, revoked or expired') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByText(/The API key is unknown, revoked or expired\./)).toBeInTheDocument();
    act(() => {
      recordKeyAnswer(KEY, true);
    });
    expect(screen.getByText(/The API key is unknown, revoked or expired\./)).toBeInTheDocument();
  });

  it('offers to enter another key if this one may not submit', async () => {
    setKey(KEY);
    answer(
      () => failure(403, 'scope_missing', 'this needs a key with the scope submit; this one has read') as Response,
    );
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByText(/This needs a key with the scope submit; this one has read\./)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Use another API key' })).toBeInTheDocument();
    expect(screen.getByLabelText('Score')).toHaveValue('100');
  });

  it('says when to retry, and retries the same submission', async () => {
    const { keys } = answer(() => failure(429, 'rate_limited', 'too many', { 'Retry-After': '7' }) as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Try again in 7 seconds. You can safely try again: the score counts once.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByTestId('counted');
    expect(keys[1]).toBe(keys[0]);
  });

  it.each(['too_many_submissions', 'gain_too_large'])('keeps the input after %s', async (code) => {
    answer(() => failure(422, code, 'the limit of the board is 5 per minute') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByRole('alert')).toHaveTextContent('The limit of the board is 5 per minute.');
    expect(screen.getByLabelText('Player id')).toHaveValue('7');
    expect(screen.getByLabelText('Score')).toHaveValue('100');
    expect(screen.queryByRole('button', { name: /API key/ })).not.toBeInTheDocument();
  });

  it('says that a repeated submission was already counted', async () => {
    answer(() => HttpResponse.json({ ...ANSWER, duplicate: true, rank: null, previous_rank: null }));
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByText(/^Already counted/)).toBeInTheDocument();
    expect(screen.queryByText('New rank')).not.toBeInTheDocument();
  });

  it('cannot be sent twice at once', async () => {
    server.use(
      http.post('*/api/leaderboard/submit', async () => {
        await delay('infinite');
      }),
    );
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(screen.getByRole('button', { name: 'Submitting\u2026' })).toBeDisabled();
  });
});
