import { act, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { noteAnswer, setKey } from '../key/key';
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

/** Gives the keys and bodies that arrive. */
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
  it('shows the total, the rank and the places moved', async () => {
    const { bodies } = answer();
    show(<SubmitCard />);
    await fillAndSubmit();
    const counted = await screen.findByTestId('counted');
    expect(counted).toHaveTextContent('1,234,567');
    expect(counted).toHaveTextContent('up 9 places');
    expect(screen.getByRole('status')).toHaveTextContent('Player 7: total 1,234,567, rank 3, up 9 places.');
    expect(bodies).toEqual([{ user_id: 7, score: 100, game_mode: 'solo' }]);
  });

  it('says which name stands where another was sent', async () => {
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
  ])('says nothing of the name where %s was sent', async (_, stands, sent) => {
    answer(() => HttpResponse.json({ ...ANSWER, username: stands }) as Response);
    show(<SubmitCard />);
    if (sent) await userEvent.type(screen.getByLabelText('Name'), sent);
    await fillAndSubmit();
    expect(await screen.findByTestId('counted')).toHaveTextContent(`for ${stands} #7`);
    expect(screen.queryByText(/Known as/)).not.toBeInTheDocument();
  });

  it('is no form where nothing may be submitted, and one again with a key', async () => {
    let asked = 0;
    server.use(
      http.get('*/api/leaderboard/access', () => {
        asked += 1;
        return HttpResponse.json({ submit: false, read: true });
      }),
    );
    show(<SubmitCard />);
    expect(await screen.findByTestId('locked')).toHaveTextContent(
      'Scores are submitted with an API key here',
    );
    expect(screen.queryByLabelText('Score')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Enter an API key' })).toBeInTheDocument();
    act(() => {
      setKey(KEY);
    });
    expect(screen.getByTestId('locked')).toHaveTextContent('The API key in use is not one for submissions.');
    expect(asked).toBe(1);
  });

  it('stays open where nobody can say whether it may submit', async () => {
    server.use(
      http.get('*/api/leaderboard/access', () => failure(503, 'database_unavailable', 'no database')),
    );
    answer();
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByTestId('counted')).toBeInTheDocument();
  });

  it('keeps the key while nothing is decided, and not beyond', async () => {
    const { keys } = answer(
      () => HttpResponse.error(),
      () => failure(503, 'outcome_unknown', 'the outcome is unknown') as Response,
    );
    show(<SubmitCard />);
    await fillAndSubmit();
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/The outcome is unknown\. Trying again is safe/)).toBeInTheDocument();
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

  it('tells an error at the field that it is about', async () => {
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

  it('asks for an API key, and counts the same submission with it', async () => {
    const { keys, bodies } = answer(() => failure(401, 'api_key_required', 'no key') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByRole('alert')).toHaveTextContent('The server asks for an API key.');
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

  it('goes on saying that the key is refused while other calls are told the same', async () => {
    setKey(KEY);
    answer(() => failure(401, 'invalid_api_key', 'the API key is unknown, revoked or expired') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByText(/The API key is unknown, revoked or expired\./)).toBeInTheDocument();
    act(() => {
      noteAnswer(KEY, true);
    });
    expect(screen.getByText(/The API key is unknown, revoked or expired\./)).toBeInTheDocument();
  });

  it('offers another key where this one is not for submissions', async () => {
    setKey(KEY);
    answer(
      () =>
        failure(
          403,
          'scope_missing',
          'this needs a key with the scope submit; this one has read',
        ) as Response,
    );
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(
      await screen.findByText(/This needs a key with the scope submit; this one has read\./),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Use another API key' })).toBeInTheDocument();
    expect(screen.getByLabelText('Score')).toHaveValue('100');
  });

  it('says when to try again, which is the same submission', async () => {
    const { keys } = answer(
      () => failure(429, 'rate_limited', 'too many', { 'Retry-After': '7' }) as Response,
    );
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Try again in 7 seconds. Trying again is safe: this score counts once.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByTestId('counted');
    expect(keys[1]).toBe(keys[0]);
  });

  it.each(['too_many_submissions', 'gain_too_large'])('keeps what was typed after %s', async (code) => {
    answer(() => failure(422, code, 'the limit of the board is 5 per minute') as Response);
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByRole('alert')).toHaveTextContent('The limit of the board is 5 per minute.');
    expect(screen.getByLabelText('Player id')).toHaveValue('7');
    expect(screen.getByLabelText('Score')).toHaveValue('100');
    expect(screen.queryByRole('button', { name: /API key/ })).not.toBeInTheDocument();
  });

  it('says of a repeated submission that it counted before', async () => {
    answer(() => HttpResponse.json({ ...ANSWER, duplicate: true, rank: null, previous_rank: null }));
    show(<SubmitCard />);
    await fillAndSubmit();
    expect(await screen.findByText(/^Counted already/)).toBeInTheDocument();
    expect(screen.queryByText('New rank')).not.toBeInTheDocument();
  });

  it('cannot be sent again while it is under way', async () => {
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
