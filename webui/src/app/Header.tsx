import type { Board } from '../api/boards';
import { useBoard, useLiveBoards } from '../api/boards';
import { useTop } from '../api/top';
import { KeyButton } from '../key/KeyButton';
import { number } from '../lib/format';
import { DEFAULT_BOARD, useBoardName } from '../lib/location';
import { Figure } from '../ui/Figure';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { BoardLinks } from './BoardLinks';
import iconUrl from './icon.svg';

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

const AGGREGATES: Readonly<Record<string, string>> = { best: 'best', last: 'latest' };

/** Which scores the board counts. */
function describeBoard({ aggregate, game_mode: mode }: Board): string {
  return `The ${AGGREGATES[aggregate] ?? 'sum'} of each player\u2019s ${mode === null ? '' : `${mode} `}scores.`;
}

function Figures({ board }: { board: Board | undefined }) {
  const rows = useTop().data?.rows;
  return (
    <dl className="figures">
      <Figure label="Players">{orDash(board?.players)}</Figure>
      <Figure label="Best total">{orDash(rows?.[0]?.total_score)}</Figure>
      <Figure label="To enter the top 10">{orDash(rows?.[9]?.total_score)}</Figure>
    </dl>
  );
}

function orDash(value: number | undefined): string {
  return value === undefined ? '\u2013' : number(value);
}
