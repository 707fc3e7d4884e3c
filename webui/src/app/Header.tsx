import type { Board } from '../api/boards';
import { useBoard, useLiveBoards } from '../api/boards';
import { useTop } from '../api/top';
import { KeyButton } from '../key/KeyButton';
import { number, shownTotal } from '../lib/format';
import { DEFAULT_BOARD, useBoardName } from '../lib/location';
import { Figure } from '../ui/Figure';
import iconUrl from '../ui/icon.svg';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { BoardLinks } from './BoardLinks';

export function Header() {
  const name = useBoardName();
  const boards = useLiveBoards().data;
  const board = useBoard();
  return (
    <header className="masthead">
      <div className="container">
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
            <h1>{name === DEFAULT_BOARD ? 'All-time standings' : name}</h1>
            <p>
              {name !== DEFAULT_BOARD && board && `${describeBoard(board)} `}Every rank exact, every score counted once.
            </p>
          </div>
          <Figures board={board} />
        </div>
        {boards && boards.length > 1 && <BoardLinks boards={boards} current={name} />}
      </div>
    </header>
  );
}

const DASH = '\u2013';
const AGGREGATES: Readonly<Record<string, string>> = { best: 'best', last: 'latest', first: 'first', count: 'number' };

/** Which scores the board counts. */
function describeBoard({ aggregate, game_mode: mode }: Board): string {
  return `The ${AGGREGATES[aggregate] ?? 'sum'} of each player\u2019s ${mode === null ? '' : `${mode} `}scores.`;
}

function Figures({ board }: { board: Board | undefined }) {
  const rows = useTop().data?.rows;
  return (
    <dl className="figures">
      <Figure label="Players">{board ? number(board.players) : DASH}</Figure>
      <Figure label="Best total">{rows?.[0] ? shownTotal(rows[0]) : DASH}</Figure>
      <Figure label="To enter the top 10">{rows?.[9] ? shownTotal(rows[9]) : DASH}</Figure>
    </dl>
  );
}
