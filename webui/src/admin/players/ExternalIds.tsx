import { parseInteger } from '../../lib/input';
import type { Player } from '../api/players';
import { linkId, unlinkId } from '../api/players';
import { useMay } from '../api/scopes';
import { MAX_INT, required } from '../lib/checks';
import { ActButton } from '../ui/ActButton';
import { ActDialog } from '../ui/ActDialog';
import { Field } from '../ui/Field';
import { useFields } from '../ui/useFields';

/** The ids that games have for a player. */
export function ExternalIds({ player }: { player: Player }) {
  const mayChange = useMay('submit');
  const ids = player.players ?? [];
  return (
    <div>
      <dt>External ids</dt>
      <dd>
        <ul className="chips">
          {ids.length === 0 && <li className="muted">none</li>}
          {ids.map((id) => (
            <li key={id}>
              <code>{id}</code>
              {mayChange && (
                <ActButton label="Unlink&hellip;" of={id} isQuiet>
                  {(close) => <UnlinkDialog player={player} id={id} onClose={close} />}
                </ActButton>
              )}
            </li>
          ))}
        </ul>
        {mayChange && (
          <ActButton label="Link an id&hellip;" isQuiet>
            {(close) => <LinkDialog player={player} onClose={close} />}
          </ActButton>
        )}
      </dd>
    </div>
  );
}

interface Props {
  player: Player;
  onClose: () => void;
}

function idProblem(text: string): string | undefined {
  const value = /^\d+$/.test(text.trim()) ? parseInteger(text) : null;
  return value !== null && value >= 1 && value <= MAX_INT
    ? 'This is a user id. Put a prefix before it, such as steam:.'
    : required('an id', 128)(text);
}

function LinkDialog({ player: { user_id: userId, username, players = [] }, onClose }: Props) {
  const form = useFields({ player: '' }, { player: idProblem });
  const id = form.values.player.trim();
  return (
    <ActDialog
      act={{
        title: `Link an id to ${username}`,
        fields: <Field label="External id" field={form.of('player')} hint="Such as steam:76561198000000000." />,
        check: (element) => form.check(element, players.includes(id) ? { player: 'The player has this id.' } : {}),
        preview: () => Promise.resolve(null),
        describe: () => (
          <p>
            Scores sent for <strong>{id}</strong> count for {username}. 0 sessions, 1 player, 0 ranks change.
          </p>
        ),
        yes: 'Yes, link the id',
        run: () => linkId(userId, id),
        done: () => `${id} is linked to ${username}.`,
      }}
      onClose={onClose}
    />
  );
}

function UnlinkDialog({ player: { user_id: userId, username }, id, onClose }: Props & { id: string }) {
  return (
    <ActDialog
      act={{
        title: `Unlink ${id}`,
        preview: () => Promise.resolve(null),
        describe: () => (
          <p>
            <strong>{id}</strong> no longer leads to {username}. A score that is sent for it makes a new player. 0
            sessions, 1 player, 0 ranks change.
          </p>
        ),
        yes: 'Yes, unlink the id',
        run: () => unlinkId(userId, id),
        done: () => `${id} is no longer linked to ${username}.`,
      }}
      onClose={onClose}
    />
  );
}
