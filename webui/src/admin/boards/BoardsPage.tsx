import type { Board } from '../../api/boards';
import { useBoards } from '../../api/boards';
import { number, plural } from '../../lib/format';
import { Card } from '../../ui/Card';
import { useMay } from '../api/scopes';
import { hrefOf, useRoute } from '../lib/route';
import { ActButton } from '../ui/ActButton';
import { Link } from '../ui/Link';
import { Empty, Loaded } from '../ui/Loaded';
import { Moment } from '../ui/Moment';
import type { Column } from '../ui/Table';
import { Table } from '../ui/Table';
import { CreateBoardDialog } from './BoardDialogs';
import { BoardPage } from './BoardPage';
import { inWords, initialValues, OPTIONS, RULES } from './options';

const AGGREGATE = OPTIONS.find(({ name }) => name === 'aggregate');

function describeTotal(board: Board): string {
  const total = AGGREGATE ? inWords(AGGREGATE, board.aggregate) : board.aggregate;
  return `${total}${board.lowest_wins ? ', lowest wins' : ''}${board.split_by ? `, split by ${board.split_by}` : ''}`;
}

/** How many rules a board has besides its bounds. */
function describeRules(board: Board): string {
  const values = initialValues(board);
  const count = RULES.options.filter(({ name, initial }) => values[name] !== initial).length;
  return count === 0 ? '\u2013' : plural(count, 'rule');
}

const COLUMNS: readonly Column<Board>[] = [
  {
    title: 'Board',
    kind: 'wide',
    cell: ({ board }) => (
      <Link href={hrefOf('boards', board)}>
        <strong>{board}</strong>
      </Link>
    ),
  },
  { title: 'Mode', cell: ({ game_mode: mode }) => mode ?? 'any' },
  { title: 'Total', cell: describeTotal },
  { title: 'Rules', cell: describeRules },
  { title: 'Season', cell: (board) => <Running board={board} /> },
  { title: 'Players', kind: 'number', cell: ({ players }) => number(players) },
];

function Running({ board: { season, next_reset_at: next, period } }: { board: Board }) {
  if (!season) return <span className="muted">&ndash;</span>;
  return (
    <>
      {season} {period && <span className="muted">{period}</span>}
      {next && (
        <div className="muted">
          ends <Moment at={next} />
        </div>
      )}
    </>
  );
}

/** /admin/boards, and a board at /admin/boards/daily. */
export function BoardsPage() {
  const { item } = useRoute();
  const boards = useBoards();
  const isAdmin = useMay('admin');
  if (item !== null) {
    return (
      <Loaded query={boards} what="The board">
        {(all) => {
          const board = all.find(({ board: name }) => name === item);
          return board ? (
            <BoardPage key={item} board={board} />
          ) : (
            <Card id="board-title" title="Not found">
              <Empty title={`There is no board ${item}`}>
                <Link href={hrefOf('boards')}>All boards</Link>
              </Empty>
            </Card>
          );
        }}
      </Loaded>
    );
  }
  return (
    <Card
      id="boards-title"
      title="All boards"
      className="list"
      actions={
        isAdmin && (
          <ActButton label="New board&hellip;" isPrimary>
            {(close) => <CreateBoardDialog onClose={close} />}
          </ActButton>
        )
      }
    >
      <Loaded query={boards} what="The boards">
        {(rows) => <Table caption="All boards" columns={COLUMNS} rows={rows} keyOf={({ board }) => board} />}
      </Loaded>
      {!isAdmin && <p className="card-note muted">Changing boards needs an API key with the scope admin.</p>}
    </Card>
  );
}
