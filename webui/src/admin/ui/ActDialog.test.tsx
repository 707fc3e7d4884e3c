import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { failure, server } from '../../test/server';
import { show } from '../../test/render';
import { ActButton } from './ActButton';
import { Done } from './Done';
import { ModerationDialog } from './ModerationDialog';

const EFFECT = { act: null, sessions: 14, players: 3, ranks: 9, dry_run: true };

function Page() {
  return (
    <>
      <Done />
      <ActButton label="Ban">
        {(close) => (
          <ModerationDialog
            kind="ban"
            title="Ban ada"
            explanation="Not on any board."
            target={{ user_ids: [7] }}
            yes="Yes, ban"
            hasUntil
            onClose={close}
          />
        )}
      </ActButton>
    </>
  );
}

/** Answers dry runs with `dry`, and acts with `acts` in turn. Returns the bodies of the acts. */
function service(dry: () => Response, ...acts: (() => Response)[]) {
  const bodies: unknown[] = [];
  server.use(
    http.post('*/api/leaderboard/moderation/ban', async ({ request }) => {
      if (request.url.endsWith('?dry_run=1')) return dry();
      bodies.push(await request.json());
      return (acts.shift() ?? (() => HttpResponse.json({ ...EFFECT, act: 12, dry_run: false })))();
    }),
  );
  return bodies;
}

const dryRun = () => HttpResponse.json(EFFECT) as Response;

async function openAndContinue(reason = 'aim bot') {
  await userEvent.click(screen.getByRole('button', { name: 'Ban' }));
  await userEvent.type(await screen.findByLabelText('Reason'), reason);
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
}

describe('the dialog of an act', () => {
  it('shows the dry run, and acts after yes', async () => {
    const bodies = service(dryRun);
    show(<Page />);
    await openAndContinue(' aim bot ');
    const preview = await screen.findByTestId('preview');
    expect(preview).toHaveTextContent('14 sessions, 3 players, 9 ranks change.');
    expect(preview).toHaveFocus();
    expect(bodies).toEqual([]);
    await userEvent.dblClick(screen.getByRole('button', { name: 'Yes, ban' }));
    expect(await screen.findByTestId('done')).toHaveTextContent('This is act 12 in the moderation log.');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(bodies).toEqual([{ user_ids: [7], reason: 'aim bot' }]);
    expect(screen.getByRole('status')).toHaveTextContent('Banned: 14 sessions');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('done')).not.toBeInTheDocument();
  });

  it('needs a reason', async () => {
    const bodies = service(dryRun);
    show(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'Ban' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Continue' }));
    const reason = screen.getByLabelText('Reason');
    expect(reason).toHaveAccessibleDescription(/^Enter a reason\./);
    expect(reason).toHaveFocus();
    expect(bodies).toEqual([]);
  });

  it('has nothing to say yes to if nothing would change', async () => {
    service(() => HttpResponse.json({ ...EFFECT, sessions: 0, players: 0, ranks: 0 }) as Response);
    show(<Page />);
    await openAndContinue();
    expect(await screen.findByTestId('preview')).toHaveTextContent('Nothing would change.');
    expect(screen.queryByRole('button', { name: 'Yes, ban' })).not.toBeInTheDocument();
  });

  it('keeps what was typed when the dry run fails', async () => {
    service(() => failure(404, 'unknown_player', 'there is no player 7') as Response);
    show(<Page />);
    await openAndContinue();
    expect(await screen.findByText(/There is no player 7\./)).toBeInTheDocument();
    expect(screen.getByLabelText('Reason')).toHaveValue('aim bot');
  });

  it('says that nothing was changed when the service says so', async () => {
    const bodies = service(dryRun, () => failure(503, 'database_unavailable', 'no database') as Response);
    show(<Page />);
    await openAndContinue();
    await userEvent.click(await screen.findByRole('button', { name: 'Yes, ban' }));
    expect(await screen.findByText(/Nothing was changed\. No database\./)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Yes, ban' }));
    expect(await screen.findByTestId('done')).toBeInTheDocument();
    expect(bodies).toHaveLength(2);
  });

  it.each([
    ['no answer', () => HttpResponse.error()],
    ['an unknown outcome', () => failure(503, 'outcome_unknown', 'it is not known')],
    ['an error of a proxy', () => new HttpResponse('', { status: 502 })],
  ])('looks again before a second try after %s', async (_, answer) => {
    let left = EFFECT;
    const bodies = service(
      () => HttpResponse.json(left) as Response,
      () => {
        left = { ...EFFECT, sessions: 0, players: 0, ranks: 0 };
        return answer() as Response;
      },
    );
    show(<Page />);
    await openAndContinue();
    await userEvent.click(await screen.findByRole('button', { name: 'Yes, ban' }));
    expect(await screen.findByText(/It is not known whether this was done\./)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Yes, ban' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
    expect(await screen.findByTestId('preview')).toHaveTextContent('Nothing would change.');
    expect(bodies).toHaveLength(1);
  });

  it('goes back to its fields, and asks again', async () => {
    const asked = vi.fn(dryRun);
    service(asked);
    show(<Page />);
    await openAndContinue();
    await userEvent.click(await screen.findByRole('button', { name: 'Back' }));
    await userEvent.type(screen.getByLabelText('Reason'), '!');
    await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
    await waitFor(() => {
      expect(asked).toHaveBeenCalledTimes(2);
    });
  });
});
