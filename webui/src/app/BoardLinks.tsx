import type { Board } from '../api/boards';
import { boardHref, showBoard } from '../lib/location';
import { useStrings } from '../lib/strings';
import { announce } from '../ui/LiveRegion';

/** One link for each board. Real links, so that each can be opened in a new tab and shared. */
export function BoardLinks({ boards, current }: { boards: readonly Board[]; current: string }) {
  const t = useStrings();
  return (
    <nav className="boards" aria-label={t.app.boards}>
      <ul>
        {boards.map(({ board }) => (
          <li key={board}>
            <a
              href={boardHref(board)}
              aria-current={board === current ? 'page' : undefined}
              onClick={(event) => {
                // Leave opening in a new tab or window to the browser.
                if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                event.preventDefault();
                showBoard(board);
                announce(t.app.boardShown(board));
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
