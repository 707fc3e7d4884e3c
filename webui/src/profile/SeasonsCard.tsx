import { useBoards } from '../api/boards';
import type { PlayerSeason } from '../api/playerLists';
import { usePlayerSeasons } from '../api/playerLists';
import { number, shownTotal } from '../lib/format';
import { profileHref } from '../lib/playerAddress';
import { useProfileStrings } from '../lib/strings/profile';
import { Card } from '../ui/Card';
import { announce } from '../ui/LiveRegion';
import { isPlainClick, showProfile } from './address';
import { longDate } from './dates';
import { MoreButton } from './MoreButton';

interface Props {
  player: string;
  board: string;
  season: string | null;
  boardTitle: string;
}

/** The player's results in the seasons of the board. Nothing on a board without seasons. */
export function SeasonsCard({ player, board, season, boardTitle }: Props) {
  const t = useProfileStrings();
  const query = usePlayerSeasons(player, board);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  if (rows.length === 0) return null;
  return (
    <Card
      id="seasons-title"
      title={t.seasons}
      className="list-card"
      actions={<span className="card-board">{boardTitle}</span>}
    >
      <table className="standings">
        <thead>
          <tr>
            <th scope="col">{t.season}</th>
            <th scope="col" className="total">
              {t.rank}
            </th>
            <th scope="col" className="total">
              {t.total}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.season} row={row} player={player} board={board} isShown={String(row.season) === season} />
          ))}
        </tbody>
      </table>
      <MoreButton query={query} />
    </Card>
  );
}

function Row({ row, player, board, isShown }: { row: PlayerSeason; player: string; board: string; isShown: boolean }) {
  const t = useProfileStrings();
  // One that has ended is past, even while its final ranks are being kept.
  const isRunning = useBoards().data?.find((each) => each.board === board)?.season === row.season;
  const season = isRunning ? null : String(row.season);
  return (
    <tr className={isShown ? 'looked-up' : ''}>
      <th scope="row">
        <a
          href={profileHref(player, board, season)}
          aria-current={isShown ? 'true' : undefined}
          onClick={(event) => {
            if (!isPlainClick(event)) return;
            event.preventDefault();
            showProfile(player, board, season);
            announce(t.seasonShown(row.season));
          }}
        >
          {t.seasonNumber(row.season)}
        </a>
        {isRunning && <span className="tag">{t.running}</span>}
        <span className="season-dates">{datesOf(row)}</span>
      </th>
      <td className="total">
        {number(row.rank)} <small>{t.ofPlayers(row.players)}</small>
      </td>
      <td className="total">{shownTotal(row)}</td>
    </tr>
  );
}

function datesOf({ starts_at: from, ends_at: to }: PlayerSeason): string {
  return [from, to].map((at) => (at === null ? '' : longDate(at))).join(' \u2013 ');
}
