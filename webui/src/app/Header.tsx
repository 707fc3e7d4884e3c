import Container from 'react-bootstrap/Container';
import { useLiveBoard } from '../api/boards';
import { useTop } from '../api/top';
import { KeyButton } from '../key/KeyButton';
import { number } from './format';
import iconUrl from './icon.svg';
import { ThemeSwitch } from './ThemeSwitch';

export function Header() {
  return (
    <header className="masthead">
      <Container>
        <div className="masthead-bar">
          <a className="brand" href="/">
            <img src={iconUrl} alt="" width="32" height="32" />
            Leaderboard
          </a>
          <nav aria-label="Site">
            <a href="/docs">API</a>
          </nav>
          <KeyButton />
          <ThemeSwitch />
        </div>
        <div className="masthead-title">
          <div>
            <h1>All-time standings</h1>
            <p>Every rank exact, every score counted once.</p>
          </div>
          <Figures />
        </div>
      </Container>
    </header>
  );
}

function Figures() {
  const board = useLiveBoard().data;
  const rows = useTop().data?.rows;
  const leader = rows?.[0];
  const tenth = rows?.[9];
  return (
    <dl className="figures">
      <div>
        <dt>Players</dt>
        <dd>{board ? number(board.players) : '\u2013'}</dd>
      </div>
      <div>
        <dt>Best total</dt>
        <dd>{leader ? number(leader.total_score) : '\u2013'}</dd>
      </div>
      <div>
        <dt>To enter the top 10</dt>
        <dd>{tenth ? number(tenth.total_score) : '\u2013'}</dd>
      </div>
    </dl>
  );
}
