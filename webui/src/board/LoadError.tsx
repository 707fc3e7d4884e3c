import { needsKey } from '../api/errors';
import { useTop } from '../api/top';
import { showSeason, showSplit, useView } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { ErrorMessage } from '../ui/ErrorMessage';

/** Why there are no standings, and what may help. */
export function LoadError({ error }: { error: Error }) {
  const t = useStrings();
  const { season, split } = useView();
  const { refetch, isFetching } = useTop();
  return (
    <div className="card-body empty" role="alert">
      <p className="empty-title">{t.board.notLoaded}</p>
      <p>
        <ErrorMessage error={error}>{t.errors.retriesAutomatically}</ErrorMessage>
      </p>
      {!needsKey(error) && (
        <p className="buttons">
          <Button variant="outline-primary" disabled={isFetching} onClick={() => void refetch()}>
            {t.board.tryNow}
          </Button>
          {season !== null && (
            <Button
              variant="outline-primary"
              onClick={() => {
                showSeason(null);
              }}
            >
              {t.seasons.showRunning}
            </Button>
          )}
          {split !== null && (
            <Button
              variant="outline-primary"
              onClick={() => {
                showSplit(null);
              }}
            >
              {t.splits.showAll}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}
