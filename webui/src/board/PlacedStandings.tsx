import { useRef } from 'react';
import { NEXT_PAGE, useRowsAt } from '../api/top';
import { useLastError } from '../api/useLastError';
import { number } from '../lib/format';
import { parseInteger, userIdProblem } from '../lib/input';
import { showPlace, usePlayerParam } from '../lib/location';
import { useMe } from '../lib/me';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { BoardRow } from './BoardRow';
import { LoadError } from './LoadError';
import { LoadingRow } from './LoadingRow';
import { StandingsTable } from './StandingsTable';
import { useRowMotion } from '../ui/useRowMotion';

interface Props {
  /** `place=` of the address: a number, or `player`. */
  place: string;
  /** The leader's total. */
  leader: number;
}

/** Rows further down the list: from a place on, or around a player. */
export default function PlacedStandings({ place, leader }: Props) {
  const t = useStrings();
  const param = usePlayerParam();
  const me = useMe();
  const userId = param !== null && userIdProblem(param) === undefined ? Number(param) : null;
  const first = place === 'player' ? null : Math.max(1, parseInteger(place) ?? 1);
  const query = useRowsAt(first, userId);
  const error = useLastError(query);
  const body = useRef<HTMLTableSectionElement>(null);
  const { data } = query;
  useRowMotion(body, data);
  if (!data && error) return <LoadError error={error} />;
  if (data?.length === 0) {
    return (
      <div className="card-body empty">
        <p className="empty-title">{t.board.noSuchPlace(number(first ?? 1))}</p>
        <Button
          variant="outline-primary"
          onClick={() => {
            showPlace(null);
          }}
        >
          {t.board.toTop}
        </Button>
      </div>
    );
  }
  return (
    <>
      <StandingsTable ref={body}>
        {data
          ? data.map((row) => (
              <BoardRow
                key={row.user_id}
                standing={row}
                leader={leader}
                change={undefined}
                refresh={0}
                isSelected={row.user_id === userId}
                isMe={row.user_id === me}
              />
            ))
          : Array.from({ length: NEXT_PAGE }, (_, position) => <LoadingRow key={position} />)}
      </StandingsTable>
      {first !== null && data && (
        <div className="board-end">
          {first > 1 && (
            <Button
              variant="outline-primary"
              onClick={() => {
                showPlace(first - NEXT_PAGE);
              }}
            >
              {t.board.above(NEXT_PAGE)}
            </Button>
          )}
          {data.length === NEXT_PAGE && (
            <Button
              variant="outline-primary"
              onClick={() => {
                showPlace(first + NEXT_PAGE);
              }}
            >
              {t.board.below(NEXT_PAGE)}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
