import type { AttributeKey, Player } from '../api/players';
import { changePlayer, useAttributeKeys } from '../api/players';
import { useMay } from '../api/scopes';
import type { Check } from '../lib/checks';
import { ActButton } from '../ui/ActButton';
import { ActDialog } from '../ui/ActDialog';
import { Field } from '../ui/Field';
import { useFields } from '../ui/useFields';

/** What is declared of a player, such as the country. */
export function Attributes({ player }: { player: Player }) {
  const mayChange = useMay('submit');
  const keys = useAttributeKeys().data;
  const attributes = Object.entries(player.attributes ?? {});
  return (
    <div>
      <dt>Attributes</dt>
      <dd>
        <ul className="chips">
          {attributes.length === 0 && <li className="muted">none</li>}
          {attributes.map(([name, value]) => (
            <li key={name}>
              <span className="muted">{name}</span> <bdi>{value}</bdi>
            </li>
          ))}
        </ul>
        {mayChange && keys && keys.length > 0 && (
          <ActButton label="Change attributes&hellip;" isQuiet>
            {(close) => <AttributesDialog player={player} keys={keys} onClose={close} />}
          </ActButton>
        )}
      </dd>
    </div>
  );
}

const HINTS: Readonly<Record<string, string>> = {
  country: 'Two letters, such as DE.',
  url: 'An address that begins with https://.',
};

function checkOf({ max_length: max }: AttributeKey): Check {
  return (text) => (Array.from(text.trim()).length > max ? `At most ${max} characters.` : undefined);
}

interface Props {
  player: Player;
  keys: readonly AttributeKey[];
  onClose: () => void;
}

function AttributesDialog({ player: { user_id: userId, username, attributes }, keys, onClose }: Props) {
  const before = Object.fromEntries(keys.map(({ name }) => [name, attributes?.[name] ?? '']));
  const form = useFields(before, Object.fromEntries(keys.map((key) => [key.name, checkOf(key)])));
  const changed = keys
    .map(({ name }) => [name, form.values[name]?.trim() ?? ''] as const)
    .filter(([name, value]) => value !== before[name]);
  return (
    <ActDialog
      act={{
        title: `Attributes of ${username}`,
        fields: (
          <div className="field-grid">
            {keys.map(({ name, kind }) => (
              <Field
                key={name}
                label={name}
                field={form.of(name)}
                {...(HINTS[kind] === undefined ? {} : { hint: HINTS[kind] })}
              />
            ))}
          </div>
        ),
        check: (element) => form.check(element),
        preview: () => Promise.resolve(changed),
        describe: (changes) =>
          changes.length === 0 ? (
            <p>Nothing would change.</p>
          ) : (
            <ul className="changes">
              {changes.map(([name, value]) => (
                <li key={name}>
                  {name}: {before[name] === '' ? 'nothing' : before[name]} becomes{' '}
                  <strong>{value === '' ? 'nothing' : value}</strong>
                </li>
              ))}
              <li className="muted">The player moves between the split boards of these attributes.</li>
            </ul>
          ),
        isNothing: (changes) => changes.length === 0,
        yes: 'Yes, change them',
        run: () =>
          changePlayer(userId, {
            attributes: Object.fromEntries(changed.map(([name, value]) => [name, value || null])),
          }),
        done: () => `The attributes of ${username} were changed.`,
      }}
      onClose={onClose}
    />
  );
}
