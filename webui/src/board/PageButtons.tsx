import { useBoard } from '../api/boards';
import type { Top } from '../api/top';
import { FIRST_PAGE, NEXT_PAGE } from '../api/top';
import { useShowLess, useShowMore } from '../api/topPages';
import { useResetOnKeyChange } from '../api/useResetOnKeyChange';
import { useView } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { ErrorMessage } from '../ui/ErrorMessage';
import { announce } from '../ui/LiveRegion';

/** Below the table: more rows, or only the first ones. */
export default function PageButtons({ top }: { top: Top }) {
  const t = useStrings();
  const more = useShowMore();
  useResetOnKeyChange(more);
  const showLess = useShowLess();
  // The service names a next page after every full one, even if that would be empty.
  const { season, split } = useView();
  const players = useBoard()?.players;
  const isComplete = season === null && split === null && players === top.rows.length;

  function showMore() {
    more.mutate(undefined, {
      onSuccess: (page) => {
        const added = page?.rows.length;
        announce(added ? t.board.moreShown(added) : t.board.allShown);
      },
    });
  }

  return (
    <>
      {more.isError && (
        <p className="field-problem px-4" role="alert">
          <ErrorMessage error={more.error} />
        </p>
      )}
      <div className="board-end">
        {top.next !== null && !isComplete && (
          <Button variant="outline-primary" disabled={more.isPending} onClick={showMore}>
            {more.isPending ? t.board.loading : t.board.showMore(NEXT_PAGE)}
          </Button>
        )}
        {top.size > FIRST_PAGE && (
          <Button variant="link" onClick={() => void showLess()}>
            {t.board.onlyTop(FIRST_PAGE)}
          </Button>
        )}
      </div>
    </>
  );
}
