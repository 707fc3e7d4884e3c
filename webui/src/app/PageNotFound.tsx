import { useEffect } from 'react';

export function PageNotFound() {
  useEffect(() => {
    document.title = 'Page not found \u2013 Leaderboard';
  }, []);
  return (
    <main className="container message-page">
      <h1>Page not found</h1>
      <p>
        There is nothing at <code>{window.location.pathname}</code>.
      </p>
      <a className="btn btn-primary" href="/">
        Go to the standings
      </a>
    </main>
  );
}
