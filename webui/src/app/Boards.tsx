import type { Board } from '../api/boards';
import { announce } from './announcer';
import { addressOf, showBoard } from './location';

/** What a board counts, in a few words. */
export function describeBoard({ aggregate, game_mode: mode }: Board): string {
  const scores = mode === null ? 'scores' : `${mode} scores`;
  if (aggregate === 'best') return `The best of each player\u2019s ${scores}.`;
  if (aggregate === 'last') return `The latest of each player\u2019s ${scores}.`;
  return `The sum of each player\u2019s ${scores}.`;
}

/** Leads to the other boards. Links, so that each can be opened and shared by itself. */
export function Boards({ boards, shown }: { boards: readonly Board[]; shown: string }) {
  return (
    <nav className="boards" aria-label="Boards">
      <ul>
        {boards.map(({ board }) => (
          <li key={board}>
            <a
              href={addressOf(board)}
              aria-current={board === shown ? 'page' : undefined}
              onClick={(event) => {
                // The browser's own ways of opening a link stay.
                if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
                  return;
                event.preventDefault();
                showBoard(board);
                announce(`Board ${board}.`);
              }}
            >
              {board}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
