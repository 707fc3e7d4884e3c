import { number, shownTotal } from '../../lib/format';
import { boardAddress } from '../lib/route';
import { Card } from '../../ui/Card';
import type { Board } from '../../api/boards';
import type { Season } from '../api/boards';
import { useSeasons } from '../api/boards';
import { useMay } from '../api/scopes';
import { ActButton } from '../ui/ActButton';
import { Empty, Loaded } from '../ui/Loaded';
import { Moment } from '../ui/Moment';
import { PlayerLink } from '../ui/PlayerLink';
import type { Column } from '../ui/Table';
import { Table } from '../ui/Table';
import { AlterBoardDialog, DeleteBoardDialog, EndSeasonDialog, hasSeasons } from './BoardDialogs';
import { GROUPS, initialValues, inWords } from './options';

const COLUMNS: readonly Column<Season>[] = [
  { title: 'Season', kind: 'number', cell: ({ season }) => season },
  { title: 'State', cell: ({ state }) => <span className={`tag tag-${state}`}>{state}</span> },
  { title: 'Begins', cell: ({ starts_at: at }) => <Moment at={at} /> },
  { title: 'Ends', cell: ({ ends_at: at }) => <Moment at={at} none="by hand" /> },
  {
    title: 'Players',
    kind: 'number',
    cell: ({ players }) => (players === null ? 'being counted' : number(players)),
  },
  { title: 'Best player', kind: 'wide', cell: ({ winner }) => <Winner winner={winner} /> },
];

function Winner({ winner }: { winner: Season['winner'] }) {
  if (!winner) return <span className="muted">&ndash;</span>;
  if (winner.user_id === 0) return <>{winner.username}</>;
  return (
    <>
      <PlayerLink userId={winner.user_id} name={winner.username} /> {shownTotal(winner)}
    </>
  );
}

/** A board: its options, its rules and its seasons. */
export function BoardPage({ board }: { board: Board }) {
  const isAdmin = useMay('admin');
  const values = initialValues(board);
  const season = board.season ?? null;
  return (
    <>
      <Card
        id="board-title"
        title={board.board}
        actions={
          isAdmin && (
            <div className="acts" role="group" aria-label={`Acts on ${board.board}`}>
              <ActButton label="Change&hellip;">
                {(close) => <AlterBoardDialog board={board} onClose={close} />}
              </ActButton>
              {board.manual_seasons && season !== null && (
                <ActButton label={`End season ${season}\u2026`}>
                  {(close) => <EndSeasonDialog board={board} season={season} onClose={close} />}
                </ActButton>
              )}
              <ActButton label="Delete&hellip;" isDangerous>
                {(close) => <DeleteBoardDialog board={board} onClose={close} />}
              </ActButton>
            </div>
          )
        }
      >
        <div className="card-body">
          <p>
            <a href={boardAddress(board.board)}>Standings</a>{' '}
            <span className="muted">{number(board.players)} players</span>
          </p>
          <div className="groups">
            {GROUPS.map(({ title, options }) => (
              <div key={title}>
                <h3>{title}</h3>
                <dl className="facts">
                  {options.map((option) => (
                    <div key={option.name}>
                      <dt>{option.label}</dt>
                      <dd>{inWords(option, values[option.name] ?? '')}</dd>
                    </div>
                  ))}
                </dl>
              </div>
            ))}
          </div>
        </div>
      </Card>
      {hasSeasons(board) && <Seasons board={board.board} />}
    </>
  );
}

function Seasons({ board }: { board: string }) {
  const query = useSeasons(board);
  return (
    <Card id="seasons-title" title="Seasons" className="list">
      <Loaded query={query} what="The seasons">
        {({ seasons }) =>
          seasons.length === 0 ? (
            <Empty title="No seasons yet" />
          ) : (
            <Table caption="Seasons, newest first" columns={COLUMNS} rows={seasons} keyOf={({ season }) => season} />
          )
        }
      </Loaded>
    </Card>
  );
}
