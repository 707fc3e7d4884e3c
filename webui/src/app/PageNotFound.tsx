import { useEffect } from 'react';
import { useStrings } from '../lib/strings';
import { Filled } from '../ui/Filled';

export default function PageNotFound() {
  const t = useStrings();
  useEffect(() => {
    document.title = t.app.titleOf(t.app.pageNotFound);
  }, [t]);
  return (
    <main className="container message-page">
      <h1>{t.app.pageNotFound}</h1>
      <p>
        <Filled text={t.app.nothingAt}>
          <code>{window.location.pathname}</code>
        </Filled>
      </p>
      <a className="btn btn-primary" href="/">
        {t.app.goToStandings}
      </a>
    </main>
  );
}
