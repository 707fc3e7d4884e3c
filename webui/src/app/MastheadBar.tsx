import { KeyButton } from '../key/KeyButton';
import { useStrings } from '../lib/strings';
import iconUrl from '../ui/icon.svg';
import { ThemeSwitch } from '../ui/ThemeSwitch';

/** The first line of every page: home, API, key and theme. */
export function MastheadBar() {
  const t = useStrings();
  return (
    <div className="masthead-bar">
      <a className="brand" href="/">
        <img src={iconUrl} alt="" width="32" height="32" />
        {t.app.title}
      </a>
      <nav aria-label={t.app.site}>
        <a href="/docs">{t.app.api}</a>
      </nav>
      <KeyButton />
      <ThemeSwitch />
    </div>
  );
}
