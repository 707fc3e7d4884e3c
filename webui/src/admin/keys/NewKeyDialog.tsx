import { useState } from 'react';
import type { ListedKey, MadeKey, NewKey } from '../api/keys';
import { fetchKeys, makeKey } from '../api/keys';
import { required } from '../lib/checks';
import { TIME_ZONE, toInstant } from '../lib/time';
import { listed } from '../lib/words';
import { ActDialog } from '../ui/ActDialog';
import { CheckField, Field } from '../ui/Field';
import { Moment } from '../ui/Moment';
import { useFields } from '../ui/useFields';
import { ShownKey } from './ShownKey';

/** What a key may be allowed. A key with the scope keys is made by the operator on the server. */
const SCOPES = [
  ['submit', 'submit', 'submit scores, for game servers'],
  ['read', 'read', 'read the standings'],
  ['play', 'play', 'begin plays and submit with play tickets, for games without a server'],
  ['moderate', 'moderate', 'void sessions, ban players; includes read'],
  ['admin', 'admin', 'all of these, and change boards, export and erase players'],
] as const;

type MadeScopes = NewKey['scopes'];

/** Makes an API key, and shows it once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const form = useFields(
    { name: '', expires: '' },
    {
      name: required('a name', 100),
      expires: (text) => {
        const end = toInstant(text);
        return end !== undefined && new Date(end) <= new Date() ? 'Choose a time in the future.' : undefined;
      },
    },
  );
  const [scopes, setScopes] = useState<MadeScopes>([]);
  const [problem, setProblem] = useState<string>();
  const name = form.values.name.trim();
  const expiresAt = toInstant(form.values.expires);
  return (
    <ActDialog<ListedKey | undefined, MadeKey>
      act={{
        title: 'New API key',
        fields: (
          <>
            <Field label="Name" field={form.of('name')} hint="What the key is for, such as game-server." />
            <fieldset className="field" aria-describedby={problem === undefined ? undefined : 'scopes-problem'}>
              <legend className="form-label">Scopes</legend>
              {SCOPES.map(([scope, label, hint]) => (
                <CheckField
                  key={scope}
                  name={scope}
                  label={label}
                  hint={hint}
                  checked={scopes.includes(scope)}
                  change={(checked) => {
                    setProblem(undefined);
                    setScopes(checked ? [...scopes, scope] : scopes.filter((other) => other !== scope));
                  }}
                />
              ))}
              {problem !== undefined && (
                <div id="scopes-problem" className="field-problem" role="alert">
                  {problem}
                </div>
              )}
            </fieldset>
            <Field
              label="Valid until"
              kind="moment"
              field={form.of('expires')}
              hint={`Empty: until it is revoked. In the time zone of this computer, ${TIME_ZONE}.`}
            />
          </>
        ),
        check: (element) => {
          if (!form.check(element)) return false;
          if (scopes.length > 0) return true;
          setProblem('Choose at least one scope.');
          element?.querySelector<HTMLElement>(`[name=${SCOPES[0][0]}]`)?.focus();
          return false;
        },
        preview: async (signal) =>
          (await fetchKeys(signal)).find((key) => key.name === name && key.status === 'active'),
        describe: (same) => (
          <>
            <p>
              The key <strong>{name}</strong> may {listed(scopes)}
              {expiresAt === undefined ? (
                ' until it is revoked'
              ) : (
                <>
                  {' '}
                  until <Moment at={expiresAt} />
                </>
              )}
              . It is shown once, when it is made.
            </p>
            {same && (
              <p>
                <strong>There is an active key with this name already</strong>, made <Moment at={same.created_at} />. If
                you have just made it and did not see its text, revoke it.
              </p>
            )}
          </>
        ),
        yes: 'Yes, make the key',
        run: () => makeKey({ name, scopes, expires_at: expiresAt ?? null }),
        outcome: ({ api_key: apiKey }) => <ShownKey apiKey={apiKey} name={name} />,
        done: () => `The API key ${name} was made.`,
      }}
      onClose={onClose}
    />
  );
}
