import { useBoards } from '../../api/boards';
import { number } from '../../lib/format';
import { Card } from '../../ui/Card';
import type { Rejected } from '../api/rejected';
import { useRejected } from '../api/rejected';
import { hrefOf, navigate, useRoute } from '../lib/route';
import { Field } from '../ui/Field';
import { Empty } from '../ui/Loaded';
import { Moment } from '../ui/Moment';
import { PagedTable } from '../ui/PagedTable';
import { playerFilter } from '../ui/playerFilter';
import { PlayerLink } from '../ui/PlayerLink';
import type { Column } from '../ui/Table';
import { useFields } from '../ui/useFields';

const COLUMNS: readonly Column<Rejected>[] = [
  { title: 'Time', cell: ({ rejected_at: at }) => <Moment at={at} /> },
  { title: 'Player', cell: ({ user_id: id }) => <PlayerLink userId={id} /> },
  { title: 'Board', cell: ({ board }) => board },
  { title: 'Mode', cell: ({ game_mode: mode }) => mode },
  { title: 'Score', kind: 'number', cell: ({ score }) => number(score) },
  { title: 'Reason', kind: 'wide', cell: ({ reason }) => reason },
];

export function RejectedPage() {
  const { query } = useRoute();
  const board = query.get('board') ?? '';
  const player = query.get('player') ?? '';
  const rejected = useRejected({ board, ...playerFilter(player) });
  return (
    <Card id="rejected-title" title="Refused by score rules" className="list">
      <Filter key={`${board} ${player}`} board={board} player={player} />
      <PagedTable
        paged={rejected}
        what="The submissions"
        one="submission"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No rejected submissions">
            <p>Submissions that a score rule refuses are listed here for 30 days.</p>
          </Empty>
        }
      />
    </Card>
  );
}

function Filter({ board, player }: { board: string; player: string }) {
  const boards = useBoards().data ?? [];
  const form = useFields({ board, player });
  const names = boards.map((known) => known.board);
  const all = board === '' || names.includes(board) ? names : [board, ...names];
  return (
    <form
      className="toolbar"
      role="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        navigate(hrefOf('rejected', null, { board: form.values.board, player: form.values.player.trim() }));
      }}
    >
      <Field label="Player" field={form.of('player')} placeholder="User id or external id" />
      <Field
        label="Board"
        field={form.of('board')}
        choices={[['', 'All'], ...all.map((name) => [name, name] as const)]}
      />
      <button type="submit" className="btn btn-outline-primary">
        Show
      </button>
    </form>
  );
}
