import { useEffect } from 'react';
import Button from 'react-bootstrap/Button';
import Card from 'react-bootstrap/Card';
import { useBoard } from '../api/boards';
import { asksForKey } from '../api/client';
import type { Top } from '../api/top';
import { FIRST_PAGE, NEXT_PAGE, useLiveTop, useShowLess, useShowMore, useTop } from '../api/top';
import { useFailure } from '../api/useFailure';
import { announce } from '../app/announcer';
import { plural } from '../app/format';
import { usePlayerInAddress } from '../app/location';
import { Trouble } from '../key/Trouble';
import { useResetWithKey } from '../key/useResetWithKey';
import { BoardRow, LoadingRow } from './BoardRow';
import { tell } from './changes';
import { Freshness } from './Freshness';

export function BoardCard() {
  const top = useLiveTop();
  const { data } = top;
  const failure = useFailure(top);

  useEffect(() => {
    const told = data ? tell(data.rows, data.changes) : '';
    if (told) announce(told);
  }, [data]);

  return (
    <Card as="section" className="board" aria-labelledby="board" aria-busy={!data && !failure}>
      <Card.Header>
        <h2 id="board" tabIndex={-1}>
          {data && data.size > FIRST_PAGE ? `Top ${plural(data.rows.length, 'player')}` : 'Top 10'}
        </h2>
        <Freshness />
      </Card.Header>
      {data ? <Loaded top={data} /> : failure ? <Failed error={failure} /> : <Table rows={<Loading />} />}
    </Card>
  );
}

function Table({ rows }: { rows: React.ReactNode }) {
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
            Of the leader
          </th>
          <th scope="col" className="total">
            Total
          </th>
        </tr>
      </thead>
      <tbody>{rows}</tbody>
    </table>
  );
}

function Loading() {
  return Array.from({ length: FIRST_PAGE }, (_, position) => <LoadingRow key={position} />);
}

function Loaded({ top }: { top: Top }) {
  const player = usePlayerInAddress();
  const more = useShowMore();
  useResetWithKey(more);
  const showLess = useShowLess();
  // The service names a next page after every full one, and after the last player it is empty.
  const everybody = useBoard()?.players === top.rows.length;
  const leader = top.rows[0]?.total_score ?? 0;
  if (top.rows.length === 0) {
    return (
      <Card.Body className="empty">
        <p className="empty-title">Nobody is on the board yet.</p>
        <p>Submit the first score and take the gold medal.</p>
      </Card.Body>
    );
  }
  return (
    <>
      <Table
        rows={top.rows.map((row) => (
          <BoardRow
            key={row.user_id}
            row={row}
            leader={leader}
            change={top.changes[row.user_id]}
            refresh={top.refreshes}
            lookedUp={row.user_id === Number(player)}
          />
        ))}
      />
      {more.isError && (
        <p className="field-fault px-4" role="alert">
          <Trouble error={more.error} />
        </p>
      )}
      <div className="board-end">
        {top.next !== null && !everybody && (
          <Button
            variant="outline-primary"
            disabled={more.isPending}
            onClick={() => {
              more.mutate(undefined, {
                onSuccess: (page) => {
                  announce(
                    page?.rows.length
                      ? `${plural(page.rows.length, 'more player')} shown.`
                      : 'That is everybody.',
                  );
                },
              });
            }}
          >
            {more.isPending ? 'Loading\u2026' : `Show ${NEXT_PAGE} more`}
          </Button>
        )}
        {top.size > FIRST_PAGE && (
          <Button variant="link" onClick={() => void showLess()}>
            Only the top {FIRST_PAGE}
          </Button>
        )}
      </div>
    </>
  );
}

function Failed({ error }: { error: Error }) {
  const { refetch, isFetching } = useTop();
  return (
    <Card.Body className="empty" role="alert">
      <p className="empty-title">The standings cannot be loaded.</p>
      <p>
        <Trouble error={error}>This page tries again by itself.</Trouble>
      </p>
      {!asksForKey(error) && (
        <Button variant="outline-primary" disabled={isFetching} onClick={() => void refetch()}>
          Try now
        </Button>
      )}
    </Card.Body>
  );
}
