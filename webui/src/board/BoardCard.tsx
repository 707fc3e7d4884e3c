import { lazy, Suspense, useEffect, useRef } from 'react';
import { useIsFinal } from '../api/seasons';
import type { Top } from '../api/top';
import { FIRST_PAGE, useLiveTop } from '../api/top';
import { useLastError } from '../api/useLastError';
import { useStream } from '../api/useStream';
import { usePlaceParam, usePlayerParam } from '../lib/location';
import { useMe } from '../lib/me';
import { useStrings } from '../lib/strings';
import { Card } from '../ui/Card';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { announce } from '../ui/LiveRegion';
import { BoardRow } from './BoardRow';
import { describeChanges } from './describeChanges';
import { Freshness } from './Freshness';
import { LoadError } from './LoadError';
import { LoadingRow } from './LoadingRow';
import { StandingsTable } from './StandingsTable';
import { useRowMotion } from '../ui/useRowMotion';

// Not needed for the first look at the board.
const BoardTools = lazy(() => import('./BoardTools'));
const PageButtons = lazy(() => import('./PageButtons'));
const PlacedStandings = lazy(() => import('./PlacedStandings'));

export function BoardCard() {
  const t = useStrings();
  const place = usePlaceParam();
  const top = useLiveTop();
  const { data } = top;
  const error = useLastError(top);
  // Final standings do not change.
  useStream(!useIsFinal());

  useEffect(() => {
    const text = data ? describeChanges(data.rows, data.changes) : '';
    if (text) announce(text);
  }, [data]);

  return (
    <Card
      id="board"
      className="board"
      title={
        place !== null
          ? t.board.furtherDown
          : data && data.size > FIRST_PAGE
            ? t.board.topPlayers(data.rows.length)
            : t.board.top
      }
      actions={<Freshness />}
      isBusy={!data && !error}
    >
      {data && data.rows.length > 0 && (
        <ErrorBoundary what={t.board.theTools}>
          <Suspense fallback={<div className="board-tools" />}>
            <BoardTools />
          </Suspense>
        </ErrorBoundary>
      )}
      {data ? <Rows top={data} place={place} /> : error ? <LoadError error={error} /> : <Loading />}
    </Card>
  );
}

function Loading() {
  return (
    <StandingsTable>
      {Array.from({ length: FIRST_PAGE }, (_, position) => (
        <LoadingRow key={position} />
      ))}
    </StandingsTable>
  );
}

function Rows({ top, place }: { top: Top; place: string | null }) {
  const t = useStrings();
  const leader = top.rows[0]?.total_score;
  if (leader === undefined) {
    return (
      <div className="card-body empty">
        <p className="empty-title">{t.board.empty}</p>
        <p>{t.board.emptyHint}</p>
      </div>
    );
  }
  if (place === null) return <Standings top={top} leader={leader} />;
  return (
    <ErrorBoundary what={t.board.theRows}>
      <Suspense fallback={<Loading />}>
        <PlacedStandings key={place} place={place} leader={leader} />
      </Suspense>
    </ErrorBoundary>
  );
}

function Standings({ top, leader }: { top: Top; leader: number }) {
  const t = useStrings();
  const selected = Number(usePlayerParam());
  const me = useMe();
  const body = useRef<HTMLTableSectionElement>(null);
  useRowMotion(body, top.rows);
  return (
    <>
      <StandingsTable ref={body}>
        {top.rows.map((row) => (
          <BoardRow
            key={row.user_id}
            standing={row}
            leader={leader}
            change={top.changes[row.user_id]}
            refresh={top.refreshes}
            isSelected={row.user_id === selected}
            isMe={row.user_id === me}
          />
        ))}
      </StandingsTable>
      <ErrorBoundary what={t.board.theTools}>
        <Suspense fallback={<div className="board-end" />}>
          <PageButtons top={top} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}
