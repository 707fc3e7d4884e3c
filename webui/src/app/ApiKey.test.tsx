import { act, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { http, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { currentKey, setKey } from '../api/apiKey';
import { call } from '../api/client';
import { REFRESH_MS, RETRY_MS } from '../api/queryClient';
import { BoardCard } from '../board/BoardCard';
import { KeyButton } from '../key/KeyButton';
import { KeyDialog } from '../key/KeyDialog';
import { failure, KEY, OTHER_KEY, OVERALL, server } from '../test/server';
import { show } from '../test/render';
import { ConnectionNotice } from './ConnectionNotice';

const WRONG_KEY = KEY.replace('lb_0', 'lb_1');
const ADA = { rank: 1, user_id: 7, username: 'ada', total_score: 100 };

function Page() {
  return (
    <>
      <KeyButton />
      <KeyDialog />
      <ConnectionNotice />
      <BoardCard />
    </>
  );
}

/** A service that lets `KEY` read, and `OTHER_KEY` only submit. Returns the Authorization headers sent to /top. */
function closedBoard(): (string | null)[] {
  const carried: (string | null)[] = [];
  const answer = (request: Request, opened: JsonBodyType) => {
    switch (request.headers.get('Authorization')) {
      case `Bearer ${KEY}`:
        return HttpResponse.json(opened);
      case `Bearer ${OTHER_KEY}`:
        return failure(403, 'scope_missing', 'this needs a key with the scope read; this one has submit');
      case null:
        return failure(401, 'api_key_required', 'no key');
      default:
        return failure(401, 'invalid_api_key', 'the API key is unknown, revoked or expired');
    }
  };
  server.use(
    http.get('*/api/leaderboard/boards', ({ request }) => answer(request, [OVERALL])),
    http.get('*/api/leaderboard/top', ({ request }) => {
      carried.push(request.headers.get('Authorization'));
      return answer(request, [ADA]);
    }),
  );
  return carried;
}

/** From now on every key is refused. */
function revokeAll() {
  const answer = () => failure(401, 'invalid_api_key', 'the API key is unknown, revoked or expired');
  server.use(http.get('*/api/leaderboard/top', answer), http.get('*/api/leaderboard/boards', answer));
}

async function enter(text: string) {
  const field = await screen.findByLabelText(/^(Key|Another key)$/);
  await userEvent.clear(field);
  await userEvent.type(field, text);
  await userEvent.click(screen.getByRole('button', { name: 'Use this key' }));
}

describe('the API key', () => {
  it('opens the board', async () => {
    const carried = closedBoard();
    show(<Page />);
    expect(await screen.findByText(/The server requires an API key/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Enter an API key' }));
    await enter(`  ${KEY} `);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    expect(carried).toEqual([null, `Bearer ${KEY}`]);
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'API key in use' })).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('The API key is in use.');
  });

  it('rejects an incomplete key without repeating it', async () => {
    const carried = closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key' }));
    await enter('lb_feedfeedfeed_cafe');
    const field = screen.getByLabelText('Key');
    expect(field).toHaveAccessibleDescription(
      /^This is not a complete API key\. A key is lb_0123456789ab_ followed by 64 hex digits\./,
    );
    expect(field).toHaveFocus();
    expect(document.documentElement.outerHTML).not.toMatch(/feedfeed|cafe/);
    expect(currentKey()).toBeNull();
    await userEvent.clear(field);
    await userEvent.click(screen.getByRole('button', { name: 'Use this key' }));
    expect(field).toHaveAccessibleDescription(/^Enter an API key\./);
    expect(carried).toEqual([null]);
  });

  it('shows only the id of the current key', async () => {
    setKey(KEY);
    closedBoard();
    show(<Page />);
    await userEvent.click(await screen.findByRole('button', { name: 'API key in use' }));
    expect(await screen.findByText('lb_0123456789ab_\u2026')).toBeInTheDocument();
    expect(screen.getByLabelText('Another key')).toHaveValue('');
    expect(document.documentElement.outerHTML).not.toContain('cccc');
    expect(window.location.href).not.toContain('lb_');
  });

  it('clears the page when the key is forgotten', async () => {
    setKey(KEY);
    const carried = closedBoard();
    show(<Page />);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'API key in use' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Forget the key' }));
    expect(await screen.findByText(/The server requires an API key/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'ada' })).not.toBeInTheDocument();
    expect(carried).toEqual([`Bearer ${KEY}`, null]);
    expect(sessionStorage).toHaveLength(0);
  });

  it('replaces a refused key', async () => {
    setKey(WRONG_KEY);
    closedBoard();
    show(<Page />);
    expect(await screen.findByText(/The API key is unknown, revoked or expired\./)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'API key refused' })).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('The API key was refused.');
    await userEvent.click(screen.getByRole('button', { name: 'Use another API key' }));
    await enter(KEY);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'API key in use' })).toBeInTheDocument();
  });

  it('does not use a key that the service refuses', async () => {
    const carried = closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key' }));
    await enter(WRONG_KEY);
    const field = screen.getByLabelText('Key');
    await waitFor(() => {
      expect(field).toHaveAccessibleDescription(/^The API key is unknown, revoked or expired\./);
    });
    expect(field).toHaveFocus();
    expect(field).toHaveClass('is-invalid');
    expect(currentKey()).toBeNull();
    expect(sessionStorage).toHaveLength(0);
    expect(document.documentElement.outerHTML).not.toContain('cccc');
    await enter(KEY);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    expect(carried).toEqual([null, `Bearer ${KEY}`]);
  });

  it('keeps the current key if another is refused', async () => {
    setKey(KEY);
    const carried = closedBoard();
    show(<Page />);
    await userEvent.click(await screen.findByRole('button', { name: 'API key in use' }));
    await enter(WRONG_KEY);
    expect(await screen.findByText(/^The API key is unknown/)).toBeInTheDocument();
    expect(currentKey()).toBe(KEY);
    expect(screen.getByRole('button', { name: 'API key in use' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'ada' })).toBeInTheDocument();
    expect(carried).toEqual([`Bearer ${KEY}`]);
  });

  it.each([
    [() => HttpResponse.error(), 'The server cannot be reached.'],
    [() => failure(503, 'database_unavailable', 'no database'), 'No database.'],
    [
      () => failure(429, 'rate_limited', 'too many', { 'Retry-After': '7' }),
      'Too many requests. Try again in 7 seconds.',
    ],
    [() => new HttpResponse('', { status: 401 }), 'The server answered with status 401.'],
  ])('does not use a key that could not be checked: %#', async (answer, told) => {
    closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key' }));
    server.use(http.get('*/api/leaderboard/boards', answer, { once: true }));
    await enter(KEY);
    const field = screen.getByLabelText('Key');
    await waitFor(() => {
      expect(field).toHaveAccessibleDescription(
        expect.stringMatching(new RegExp(`^The key could not be checked\\. ${told}`)),
      );
    });
    expect(field).not.toHaveClass('is-invalid');
    expect(field).toHaveValue(KEY);
    expect(currentKey()).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Use this key' }));
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
  });

  it('checks a key once, and not at all after Cancel', async () => {
    closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key' }));
    const tried: string[] = [];
    let answer: (() => void) | undefined;
    server.use(
      http.get('*/api/leaderboard/boards', async ({ request }) => {
        tried.push(String(request.headers.get('Authorization')));
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return HttpResponse.json([OVERALL]);
      }),
    );
    await enter(KEY);
    const button = await screen.findByRole('button', { name: 'Checking the key\u2026' });
    expect(button).toBeDisabled();
    await userEvent.type(screen.getByLabelText('Key'), '{Enter}');
    await waitFor(() => {
      expect(tried).toEqual([`Bearer ${KEY}`]);
    });
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    answer?.();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(currentKey()).toBeNull();
    expect(tried).toHaveLength(1);
  });

  it('clears the page if the new key may not read', async () => {
    setKey(KEY);
    closedBoard();
    show(<Page />);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'API key in use' }));
    await enter(OTHER_KEY);
    expect(await screen.findByText(/This needs a key with the scope read; this one has submit\./)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'ada' })).not.toBeInTheDocument();
    expect(currentKey()).toBe(OTHER_KEY);
    expect(screen.getByRole('button', { name: 'API key in use' })).toBeInTheDocument();
  });

  it('clears the page when the key is revoked', async () => {
    setKey(KEY);
    closedBoard();
    show(<Page />);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    revokeAll();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh now' }));
    expect(await screen.findByText(/The API key is unknown, revoked or expired\./)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'ada' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'API key refused' }));
    expect(await screen.findByText(/^Refused:/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Forget the key' }));
    expect(await screen.findByRole('button', { name: 'API key' })).toBeInTheDocument();
  });

  it('clears the board when another call is refused', async () => {
    setKey(KEY);
    const carried = closedBoard();
    show(<Page />);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    revokeAll();
    await act(() => call('/api/leaderboard/boards').catch(() => undefined));
    expect(await screen.findByText(/The standings cannot be loaded/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'ada' })).not.toBeInTheDocument();
    expect(carried).toHaveLength(1);
  });

  it('does not wait for a call with the previous key', async () => {
    let answerOld: ((answer: Response) => void) | undefined;
    server.use(
      http.get('*/api/leaderboard/top', ({ request }) =>
        request.headers.get('Authorization') === null
          ? new Promise<Response>((resolve) => {
              answerOld = resolve;
            })
          : HttpResponse.json([ADA]),
      ),
    );
    show(<Page />);
    await waitFor(() => {
      expect(answerOld).toBeDefined();
    });
    await userEvent.click(screen.getByRole('button', { name: 'API key' }));
    await enter(KEY);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    answerOld?.(failure(401, 'api_key_required', 'no key') as Response);
  });

  it('changes nothing after Cancel', async () => {
    setKey(KEY);
    const carried = closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key in use' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(currentKey()).toBe(KEY);
    expect(carried).toHaveLength(1);
  });

  it('does not poll faster while a key is missing', async () => {
    const carried = closedBoard();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    show(<Page />);
    await screen.findByText(/The server requires an API key/);
    await vi.advanceTimersByTimeAsync(2 * RETRY_MS);
    expect(carried).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(REFRESH_MS - 2 * RETRY_MS);
    await waitFor(() => {
      expect(carried).toHaveLength(2);
    });
    vi.useRealTimers();
  });
});
