import Container from 'react-bootstrap/Container';
import { useBoard, useLiveBoards } from '../api/boards';
import { useTop } from '../api/top';
import { KeyButton } from '../key/KeyButton';
import { Boards, describeBoard } from './Boards';
import { number } from './format';
import iconUrl from './icon.svg';
import { FIRST_BOARD, useBoardName } from './location';
import { ThemeSwitch } from './ThemeSwitch';

export function Header() {
  const name = useBoardName();
  const boards = useLiveBoards().data;
  const board = useBoard();
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
            <h1>{name === FIRST_BOARD ? 'All-time standings' : name}</h1>
            <p>
              {name !== FIRST_BOARD && board && `${describeBoard(board)} `}Every rank exact, every score
              counted once.
            </p>
          </div>
          <Figures />
        </div>
        {boards && boards.length > 1 && <Boards boards={boards} shown={name} />}
      </Container>
    </header>
  );
}

function Figures() {
  const board = useBoard();
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
