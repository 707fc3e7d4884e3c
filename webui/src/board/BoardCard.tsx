import { useEffect } from 'react';
import { needsKey } from '../api/errors';
import type { Top } from '../api/top';
import { FIRST_PAGE, useLiveTop, useTop } from '../api/top';
import { useLastError } from '../api/useLastError';
import { usePlayerParam } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { ErrorMessage } from '../ui/ErrorMessage';
import { announce } from '../ui/LiveRegion';
import { BoardRow } from './BoardRow';
import { describeChanges } from './describeChanges';
import { Freshness } from './Freshness';
import { LoadingRow } from './LoadingRow';
import { PageButtons } from './PageButtons';

export function BoardCard() {
  const t = useStrings();
  const top = useLiveTop();
  const { data } = top;
  const error = useLastError(top);

  useEffect(() => {
    const text = data ? describeChanges(data.rows, data.changes) : '';
    if (text) announce(text);
  }, [data]);

  return (
    <Card
      id="board"
      className="board"
      title={data && data.size > FIRST_PAGE ? t.board.topPlayers(data.rows.length) : t.board.top}
      actions={<Freshness />}
      isBusy={!data && !error}
    >
      {data ? <Standings top={data} /> : error ? <LoadError error={error} /> : <Loading />}
    </Card>
  );
}

function Table({ children }: { children: React.ReactNode }) {
  const t = useStrings();
  return (
    <table className="standings">
      <caption className="visually-hidden">{t.board.caption}</caption>
      <thead>
        <tr>
          <th scope="col" className="rank">
            {t.standings.rank}
          </th>
          <th scope="col">{t.standings.player}</th>
          <th scope="col" className="share-cell">
            {t.board.shareOfLeader}
          </th>
          <th scope="col" className="total">
            {t.standings.total}
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Loading() {
  return (
    <Table>
      {Array.from({ length: FIRST_PAGE }, (_, position) => (
        <LoadingRow key={position} />
      ))}
    </Table>
  );
}

function Standings({ top }: { top: Top }) {
  const t = useStrings();
  const selected = Number(usePlayerParam());
  const leader = top.rows[0];
  if (!leader) {
    return (
      <div className="card-body empty">
        <p className="empty-title">{t.board.empty}</p>
        <p>{t.board.emptyHint}</p>
      </div>
    );
  }
  return (
    <>
      <Table>
        {top.rows.map((row) => (
          <BoardRow
            key={row.user_id}
            standing={row}
            leader={leader.total_score}
            change={top.changes[row.user_id]}
            refresh={top.refreshes}
            isSelected={row.user_id === selected}
          />
        ))}
      </Table>
      <PageButtons top={top} />
    </>
  );
}

function LoadError({ error }: { error: Error }) {
  const t = useStrings();
  const { refetch, isFetching } = useTop();
  return (
    <div className="card-body empty" role="alert">
      <p className="empty-title">{t.board.notLoaded}</p>
      <p>
        <ErrorMessage error={error}>{t.errors.retriesAutomatically}</ErrorMessage>
      </p>
      {!needsKey(error) && (
        <Button variant="outline-primary" disabled={isFetching} onClick={() => void refetch()}>
          {t.board.tryNow}
        </Button>
      )}
    </div>
  );
}
