import { useEffect, useRef } from 'react';
import { KeyButton } from '../../key/KeyButton';
import iconUrl from '../../ui/icon.svg';
import { ThemeSwitch } from '../../ui/ThemeSwitch';
import { useScopes } from '../api/scopes';
import { hrefOf, useRoute } from '../lib/route';
import { listed } from '../lib/words';
import { Link } from '../ui/Link';
import { SECTIONS } from './sections';

export function AdminHeader() {
  const { section, item } = useRoute();
  const title = SECTIONS.find(({ name }) => name === section)?.title ?? 'Console';
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(section);
  const shownItem = useRef(item);

  useEffect(() => {
    document.title = `${item === null ? '' : `${item} \u2013 `}${title} \u2013 Leaderboard console`;
    const hasMoved = shown.current !== section || shownItem.current !== item;
    shown.current = section;
    shownItem.current = item;
    if (!hasMoved) return;
    window.scrollTo(0, 0);
    // So that screen readers say where one is now, and Tab goes on from here.
    heading.current?.focus();
  }, [section, item, title]);

  return (
    <header className="masthead">
      <div className="container">
        <div className="masthead-bar">
          <Link className="brand" href={hrefOf('')}>
            <img src={iconUrl} alt="" width="32" height="32" />
            <span>Console</span>
          </Link>
          <nav aria-label="Site">
            <a href="/">Leaderboard</a>
          </nav>
          <KeyButton />
          <ThemeSwitch />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Sections current={section} />
      </div>
    </header>
  );
}

function Sections({ current }: { current: string }) {
  const scopes = useScopes();
  if (!scopes) return null;
  const open = SECTIONS.filter(({ scope }) => scopes[scope]);
  if (open.length === 0) return null;
  const closed = SECTIONS.filter(({ scope }) => !scopes[scope]);
  const needed = [...new Set(closed.map(({ scope }) => scope))];
  return (
    <>
      <nav className="sections" aria-label="Sections">
        <ul>
          {open.map(({ name, title }) => (
            <li key={name}>
              <Link href={hrefOf(name)} aria-current={name === current ? 'page' : undefined}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {closed.length > 0 && (
        <p className="closed-sections">
          Not shown: {listed(closed.map(({ title }) => title))}. This API key does not have the scope {listed(needed)}.
        </p>
      )}
    </>
  );
}
