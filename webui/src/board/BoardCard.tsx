import { useEffect } from 'react';
import Button from 'react-bootstrap/Button';
import { needsKey } from '../api/errors';
import type { Top } from '../api/top';
import { FIRST_PAGE, useLiveTop, useTop } from '../api/top';
import { useLastError } from '../api/useLastError';
import { plural } from '../lib/format';
import { usePlayerParam } from '../lib/location';
import { Card } from '../ui/Card';
import { ErrorMessage } from '../ui/ErrorMessage';
import { announce } from '../ui/LiveRegion';
import { BoardRow } from './BoardRow';
import { describeChanges } from './describeChanges';
import { Freshness } from './Freshness';
import { LoadingRow } from './LoadingRow';
import { PageButtons } from './PageButtons';

export function BoardCard() {
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
      title={data && data.size > FIRST_PAGE ? `Top ${plural(data.rows.length, 'player')}` : 'Top 10'}
      actions={<Freshness />}
      isBusy={!data && !error}
    >
      {data ? <Standings top={data} /> : error ? <LoadError error={error} /> : <Loading />}
    </Card>
  );
}

function Table({ children }: { children: React.ReactNode }) {
  return (
    <table className="standings">
      <caption className="visually-hidden">The best players by total score, highest first</caption>
      <thead>
        <tr>
          <th scope="col" className="rank">
            Rank
          </th>
          <th scope="col">Player</th>
          <th scope="col" className="share-cell">
            % of leader
          </th>
          <th scope="col" className="total">
            Total
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
  const selected = Number(usePlayerParam());
  const leader = top.rows[0];
  if (!leader) {
    return (
      <div className="card-body empty">
        <p className="empty-title">No players on this board yet.</p>
        <p>Submit the first score and take the gold medal.</p>
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
  const { refetch, isFetching } = useTop();
  return (
    <div className="card-body empty" role="alert">
      <p className="empty-title">The standings cannot be loaded.</p>
      <p>
        <ErrorMessage error={error}>This page retries automatically.</ErrorMessage>
      </p>
      {!needsKey(error) && (
        <Button variant="outline-primary" disabled={isFetching} onClick={() => void refetch()}>
          Try now
        </Button>
      )}
    </div>
  );
}
