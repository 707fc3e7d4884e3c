import { lazy, Suspense } from 'react';
import type { Board } from '../api/boards';
import { useBoard, useLiveBoards } from '../api/boards';
import { usePastSeason } from '../api/seasons';
import { useSplits } from '../api/splits';
import { useTop } from '../api/top';
import { number, shownTotal } from '../lib/format';
import { DEFAULT_BOARD, useView } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Figure } from '../ui/Figure';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { BoardLinks } from './BoardLinks';
import { MastheadBar } from './MastheadBar';

// Only boards with seasons or parts have pickers.
const Pickers = lazy(() => import('../season/Pickers'));

export function Header() {
  const t = useStrings();
  const { board: name, season, split } = useView();
  const boards = useLiveBoards().data;
  const board = useBoard();
  return (
    <header className="masthead">
      <div className="container">
        <MastheadBar />
        <div className="masthead-title">
          <div>
            <h1>{name === DEFAULT_BOARD ? t.app.allTime : name}</h1>
            <p>
              {name !== DEFAULT_BOARD && board && `${t.app.boardCounts(board.aggregate, board.game_mode)} `}
              {t.app.promise}
            </p>
          </div>
          <Figures board={board} />
        </div>
        {boards && boards.length > 1 && <BoardLinks boards={boards} current={name} />}
        {(board?.season != null || board?.split_by != null || season !== null || split !== null) && (
          <ErrorBoundary what={t.seasons.season}>
            <Suspense fallback={<div className="pickers" />}>
              <Pickers />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
    </header>
  );
}

const DASH = '\u2013';
function Figures({ board }: { board: Board | undefined }) {
  const t = useStrings();
  const { season, split } = useView();
  const past = usePastSeason();
  const part = useSplits()?.find((each) => each.split === split);
  const players =
    split !== null
      ? part?.players
      : season === null || season === String(board?.season)
        ? board?.players
        : past?.players;
  const rows = useTop().data?.rows;
  return (
    <dl className="figures">
      <Figure label={t.app.players}>{players == null ? DASH : number(players)}</Figure>
      <Figure label={t.app.bestTotal}>{rows?.[0] ? shownTotal(rows[0]) : DASH}</Figure>
      <Figure label={t.app.toEnterTop10}>{rows?.[9] ? shownTotal(rows[9]) : DASH}</Figure>
    </dl>
  );
}
