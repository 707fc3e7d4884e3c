import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { REFRESH_MS, RETRY_MS } from '../api/queryClient';
import { Connection } from '../app/Connection';
import { BoardCard } from '../board/BoardCard';
import { failure, KEY, server } from '../test/server';
import { show } from '../test/render';
import { currentKey, setKey } from './key';
import { KeyButton } from './KeyButton';
import { KeyDialog } from './KeyDialog';

const ADA = { rank: 1, user_id: 7, username: 'ada', total_score: 100 };

function Page() {
  return (
    <>
      <KeyButton />
      <KeyDialog />
      <Connection />
      <BoardCard />
    </>
  );
}

/** A board that needs `KEY`. Gives what the calls for it carried. */
function closedBoard(): (string | null)[] {
  const carried: (string | null)[] = [];
  server.use(
    http.get('*/api/leaderboard/top', ({ request }) => {
      const sent = request.headers.get('Authorization');
      carried.push(sent);
      if (sent === `Bearer ${KEY}`) return HttpResponse.json([ADA]);
      return sent === null
        ? failure(401, 'api_key_required', 'no key')
        : failure(401, 'invalid_api_key', 'unknown key');
    }),
  );
  return carried;
}

async function enter(text: string) {
  const field = await screen.findByLabelText(/^(Key|Another key)$/);
  await userEvent.clear(field);
  await userEvent.type(field, text);
  await userEvent.click(screen.getByRole('button', { name: 'Use this key' }));
}

describe('KeyForm', () => {
  it('opens the board for who has a key', async () => {
    const carried = closedBoard();
    show(<Page />);
    expect(await screen.findByText(/The server asks for an API key/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Enter an API key' }));
    await enter(`  ${KEY} `);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    expect(carried).toEqual([null, `Bearer ${KEY}`]);
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'API key in use' })).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('The API key is in use.');
  });

  it('says what a key looks like, without a word of what was typed', async () => {
    const carried = closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key' }));
    await enter('lb_feedfeedfeed_cafe');
    const field = screen.getByLabelText('Key');
    expect(field).toHaveAccessibleDescription(
      /^That is not a whole API key\. One looks like lb_0123456789ab_/,
    );
    expect(field).toHaveFocus();
    expect(document.documentElement.outerHTML).not.toMatch(/feedfeed|cafe/);
    expect(currentKey()).toBeNull();
    await userEvent.clear(field);
    await userEvent.click(screen.getByRole('button', { name: 'Use this key' }));
    expect(field).toHaveAccessibleDescription(/^Enter an API key\./);
    expect(carried).toEqual([null]);
  });

  it('shows the id of the key in use, and never the rest', async () => {
    setKey(KEY);
    closedBoard();
    show(<Page />);
    await userEvent.click(await screen.findByRole('button', { name: 'API key in use' }));
    expect(await screen.findByText('lb_0123456789ab_\u2026')).toBeInTheDocument();
    expect(screen.getByLabelText('Another key')).toHaveValue('');
    expect(document.documentElement.outerHTML).not.toContain('cccc');
    expect(window.location.href).not.toContain('lb_');
  });

  it('leaves nothing on the page when the key is forgotten', async () => {
    setKey(KEY);
    const carried = closedBoard();
    show(<Page />);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'API key in use' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Forget the key' }));
    expect(await screen.findByText(/The server asks for an API key/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'ada' })).not.toBeInTheDocument();
    expect(carried).toEqual([`Bearer ${KEY}`, null]);
    expect(sessionStorage).toHaveLength(0);
  });

  it('replaces a key that the server does not take', async () => {
    setKey(KEY.replace('lb_0', 'lb_1'));
    closedBoard();
    show(<Page />);
    expect(await screen.findByText(/The server does not take this API key/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Use another API key' }));
    await enter(KEY);
    expect(await screen.findByRole('button', { name: 'ada' })).toBeInTheDocument();
  });

  it('does not wait for an answer to the key of before', async () => {
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

  it('changes nothing when it is cancelled', async () => {
    setKey(KEY);
    const carried = closedBoard();
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'API key in use' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(currentKey()).toBe(KEY);
    expect(carried).toHaveLength(1);
  });

  it('is asked for no more often than a board that answers', async () => {
    const carried = closedBoard();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    show(<Page />);
    await screen.findByText(/The server asks for an API key/);
    await vi.advanceTimersByTimeAsync(2 * RETRY_MS);
    expect(carried).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(REFRESH_MS - 2 * RETRY_MS);
    await waitFor(() => {
      expect(carried).toHaveLength(2);
    });
    vi.useRealTimers();
  });
});
