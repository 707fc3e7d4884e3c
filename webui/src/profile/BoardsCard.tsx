import { useState } from 'react';
import Placeholder from 'react-bootstrap/Placeholder';
import type { Board } from '../api/boards';
import { useLiveBoards } from '../api/boards';
import { errorMessage, isUnknownPlayer } from '../api/errors';
import type { PlayerRank } from '../api/rank';
import { useRanksOn } from '../api/rankOn';
import { useLastError } from '../api/useLastError';
import { number, shownTotal } from '../lib/format';
import { profileHref } from '../lib/playerAddress';
import { useProfileStrings } from '../lib/strings/profile';
import { Card } from '../ui/Card';
import { ErrorMessage } from '../ui/ErrorMessage';
import { announce } from '../ui/LiveRegion';
import { isPlainClick, showProfile, titleOf } from './address';

/** How many boards are asked at first: each is a call of its own. */
const FIRST_BOARDS = 12;

/** The player's standing on each board. Choosing one shows its history and seasons. */
export function BoardsCard({ player, current }: { player: string; current: string }) {
  const t = useProfileStrings();
  const query = useLiveBoards();
  const error = useLastError(query);
  return (
    <Card id="boards-title" title={t.boards} isBusy={!query.data && !error}>
      <div className="card-body">
        {query.data ? (
          <Boards player={player} current={current} boards={query.data} />
        ) : (
          error && (
            <p className="field-problem">
              <ErrorMessage error={error}>{t.retries}</ErrorMessage>
            </p>
          )
        )}
      </div>
    </Card>
  );
}

function Boards({ player, current, boards }: { player: string; current: string; boards: readonly Board[] }) {
  const t = useProfileStrings();
  const [isAll, setAll] = useState(false);
  const names = boards.map(({ board }) => board);
  const shown = isAll ? names : names.filter((name, index) => index < FIRST_BOARDS || name === current);
  const ranks = useRanksOn(player, shown);
  const tiles = shown.map((board, index) => ({ board, query: ranks[index] }));
  const absent = tiles
    .filter(({ query }) => isUnknownPlayer(query?.error ?? null))
    .map(({ board }) => titleOf(board, t));
  const present = tiles.filter(({ query }) => !isUnknownPlayer(query?.error ?? null));
  return (
    <>
      {present.length > 0 && (
        <ul className="board-tiles">
          {present.map(({ board, query }) => (
            <li key={board}>
              <Tile
                player={player}
                board={board}
                isCurrent={board === current}
                rank={query?.data}
                error={query?.error ?? null}
              />
            </li>
          ))}
        </ul>
      )}
      {absent.length > 0 && <p className="quiet absent">{t.notOnBoards(absent.join(', '))}</p>}
      {shown.length < names.length && (
        <button
          type="button"
          className="btn btn-sm btn-outline-primary mt-3"
          onClick={() => {
            setAll(true);
          }}
        >
          {t.showAllBoards(names.length - shown.length)}
        </button>
      )}
    </>
  );
}

interface TileProps {
  player: string;
  board: string;
  isCurrent: boolean;
  rank: PlayerRank | undefined;
  error: Error | null;
}

function Tile({ player, board, isCurrent, rank, error }: TileProps) {
  const t = useProfileStrings();
  return (
    <a
      href={profileHref(player, board)}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        showProfile(player, board);
        announce(t.boardShown(titleOf(board, t)));
      }}
    >
      <span className="tile-board">{titleOf(board, t)}</span>
      {rank ? (
        <>
          <span className={rank.rank <= 3 ? `tile-rank place-${rank.rank}` : 'tile-rank'}>
            <span className="visually-hidden">{t.rank} </span>
            {number(rank.rank)} <small>{t.ofPlayers(rank.players)}</small>
          </span>
          <span className="tile-total">
            <span className="visually-hidden">{t.total} </span>
            {shownTotal(rank)}
          </span>
        </>
      ) : error ? (
        <span className="field-problem">{errorMessage(error)}</span>
      ) : (
        <Placeholder as="span" animation="glow" aria-hidden="true">
          <Placeholder xs={6} size="lg" />
        </Placeholder>
      )}
    </a>
  );
}
