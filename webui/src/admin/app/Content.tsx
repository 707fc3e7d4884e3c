import { useAccess } from '../../api/access';
import { useKeyId } from '../../api/apiKey';
import { needsKey } from '../../api/errors';
import { EnterKeyButton } from '../../ui/EnterKeyButton';
import { ErrorBoundary } from '../../ui/ErrorBoundary';
import type { Scopes } from '../api/scopes';
import { CONSOLE_SCOPES } from '../api/scopes';
import { hrefOf, useRoute } from '../lib/route';
import { Link } from '../ui/Link';
import { Loaded } from '../ui/Loaded';
import type { Section } from './sections';
import { SECTIONS } from './sections';

/** The section in the address, if the API key may open it. */
export function Content() {
  const access = useAccess();
  const { section: name } = useRoute();
  const section = SECTIONS.find((known) => known.name === name);
  // A refused key is a reason to ask for another one, not a failure.
  if (access.data === undefined && needsKey(access.error)) return <KeyNeeded />;
  return (
    <Loaded query={access} what="What this key may do">
      {(scopes) => <Opened scopes={scopes} section={section} />}
    </Loaded>
  );
}

function Opened({ scopes, section }: { scopes: Scopes; section: Section | undefined }) {
  if (!CONSOLE_SCOPES.some((scope) => scopes[scope])) return <KeyNeeded />;
  if (section === undefined) return <Welcome scopes={scopes} />;
  if (!scopes[section.scope]) return <ScopeNeeded section={section} />;
  return (
    <ErrorBoundary key={section.name} what="This section">
      <section.Page />
    </ErrorBoundary>
  );
}

function KeyNeeded() {
  const hasKey = useKeyId() !== null;
  return (
    <section className="card card-body message" aria-labelledby="key-needed">
      <h2 id="key-needed" tabIndex={-1}>
        {hasKey ? 'This API key does not open the console' : 'The console needs an API key'}
      </h2>
      <p>
        It must be valid and have one of these scopes: <strong>admin</strong> for everything but API keys,{' '}
        <strong>moderate</strong> for players, sessions and rejected submissions, <strong>keys</strong> for API keys.
      </p>
      <p className="muted">
        The operator makes one with <code>make api-key NAME=console SCOPES=admin,keys</code>
      </p>
      <EnterKeyButton />
    </section>
  );
}

function ScopeNeeded({ section }: { section: Section }) {
  return (
    <section className="card card-body message" aria-labelledby="scope-needed">
      <h2 id="scope-needed" tabIndex={-1}>
        {section.title} cannot be shown
      </h2>
      <p>
        This needs an API key with the scope <strong>{section.scope}</strong>, which the current key does not have.
      </p>
      <EnterKeyButton />
    </section>
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  boards: 'Create and change boards, end seasons.',
  players: 'Find a player; rename, ban, export or erase.',
  moderation: 'Void sessions, see and undo what was done, test rules.',
  rejected: 'Submissions that a score rule refused.',
  keys: 'Make and revoke keys.',
  health: 'Database, cache, rank index, last verification.',
};

function Welcome({ scopes }: { scopes: Scopes }) {
  return (
    <nav className="tiles" aria-label="Start">
      {SECTIONS.filter(({ scope }) => scopes[scope]).map(({ name, title }) => (
        <Link key={name} href={hrefOf(name)} className="card card-body">
          <strong>{title}</strong>
          <span className="muted">{TEXTS[name]}</span>
        </Link>
      ))}
    </nav>
  );
}
