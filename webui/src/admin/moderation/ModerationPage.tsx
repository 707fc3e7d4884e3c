import { hrefOf, useRoute } from '../lib/route';
import { Link } from '../ui/Link';
import { BackTest } from './BackTest';
import { Log } from './Log';

const TABS = [
  [null, 'Log'],
  ['back-test', 'Back-test of rules'],
] as const;

export function ModerationPage() {
  const { item } = useRoute();
  return (
    <>
      <nav className="tabs" aria-label="Moderation">
        <ul>
          {TABS.map(([name, title]) => (
            <li key={title}>
              <Link href={hrefOf('moderation', name)} aria-current={name === item ? 'page' : undefined}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {item === 'back-test' ? <BackTest /> : <Log />}
    </>
  );
}
