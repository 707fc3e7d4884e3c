import { useMay } from '../api/scopes';
import type { ErasedPlayer, Player } from '../api/players';
import { changePlayer, erasePlayer, exportPlayer } from '../api/players';
import { plural } from '../../lib/format';
import { required } from '../lib/checks';
import { hrefOf, navigate } from '../lib/route';
import { some } from '../lib/words';
import { ActButton } from '../ui/ActButton';
import { ActDialog } from '../ui/ActDialog';
import { Field } from '../ui/Field';
import { ModerationDialog } from '../ui/ModerationDialog';
import { useFields } from '../ui/useFields';
import { VoidDialog } from '../ui/VoidDialog';
import { ExportButton } from './ExportButton';

/** The buttons for what can be done with a player. */
export function PlayerActs({ player }: { player: Player }) {
  const mayChange = useMay('submit');
  const isAdmin = useMay('admin');
  const { username, user_id: userId } = player;
  const target = { user_ids: [userId] };
  return (
    <div className="acts" role="group" aria-label={`Acts on ${username}`}>
      {mayChange && (
        <ActButton label="Rename&hellip;">{(close) => <RenameDialog player={player} onClose={close} />}</ActButton>
      )}
      <ActButton label="Void sessions&hellip;">{(close) => <VoidDialog player={player} onClose={close} />}</ActButton>
      {player.ban ? (
        <ActButton label={player.ban.action === 'hide' ? 'Show again\u2026' : 'Unban\u2026'}>
          {(close) => (
            <ModerationDialog
              kind="unban"
              title={`Unban ${username}`}
              explanation="The player is back on all boards, with every session of the meantime."
              target={target}
              yes="Yes, unban the player"
              onClose={close}
            />
          )}
        </ActButton>
      ) : (
        <>
          <ActButton label="Ban&hellip;">
            {(close) => (
              <ModerationDialog
                kind="ban"
                title={`Ban ${username}`}
                explanation="No board shows the player any more. Their scores are kept, and count again when the ban ends."
                target={target}
                yes="Yes, ban the player"
                hasUntil
                onClose={close}
              />
            )}
          </ActButton>
          <ActButton label="Hide&hellip;">
            {(close) => (
              <ModerationDialog
                kind="hide"
                title={`Hide ${username}`}
                explanation="The same as a ban, but the player is not told: their own rank looks as always."
                target={target}
                yes="Yes, hide the player"
                hasUntil
                onClose={close}
              />
            )}
          </ActButton>
        </>
      )}
      {isAdmin && (
        <>
          <ExportButton userId={userId} load={exportPlayer} />
          <ActButton label="Erase&hellip;" isDangerous>
            {(close) => <EraseDialog player={player} onClose={close} />}
          </ActButton>
        </>
      )}
    </div>
  );
}

function RenameDialog({ player: { user_id: userId, username }, onClose }: { player: Player; onClose: () => void }) {
  const form = useFields({ username }, { username: required('a name', 255) });
  const name = form.values.username.trim();
  return (
    <ActDialog
      act={{
        title: `Rename ${username}`,
        fields: <Field label="New name" field={form.of('username')} />,
        check: (element) => form.check(element, name === username ? { username: 'This is the name already.' } : {}),
        preview: () => Promise.resolve(null),
        describe: () => (
          <p>
            <bdi>{username}</bdi> becomes{' '}
            <strong>
              <bdi>{name}</bdi>
            </strong>{' '}
            on every board. 0 sessions, 1 player, 0 ranks change.
          </p>
        ),
        yes: 'Yes, rename the player',
        run: () => changePlayer(userId, { username: name }),
        done: (changed) => `${username} is now called ${changed.username ?? name}.`,
      }}
      onClose={onClose}
    />
  );
}

function describeErasure({ sessions, totals, seasons }: ErasedPlayer): string {
  return `${plural(sessions, 'session')}, ${some(totals, 'total')} on boards`.concat(
    seasons > 0 ? `; made anonymous in ${plural(seasons, 'closed season')}` : '',
  );
}

function EraseDialog({ player: { user_id: userId, username }, onClose }: { player: Player; onClose: () => void }) {
  return (
    <ActDialog
      act={{
        title: `Erase ${username}`,
        preview: (signal) => erasePlayer(userId, true, signal),
        describe: (effect) => (
          <>
            <p>
              <strong>{describeErasure(effect)}.</strong>
            </p>
            <p>
              Name, ids, attributes and every score are deleted for good. The final ranks of other players in closed
              seasons stay as they are.
            </p>
          </>
        ),
        yes: 'Yes, erase the player',
        confirm: () => ({ text: String(userId), what: 'the user id' }),
        run: () => erasePlayer(userId, false),
        done: (effect) => `Player ${userId} was erased: ${describeErasure(effect)}.`,
        after: () => {
          navigate(hrefOf('players'));
        },
      }}
      onClose={onClose}
    />
  );
}
