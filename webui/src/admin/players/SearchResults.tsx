import { Card } from '../../ui/Card';
import type { FoundPlayer } from '../api/players';
import { usePlayer, usePlayersByName } from '../api/players';
import { Empty, Loaded } from '../ui/Loaded';
import { PagedTable } from '../ui/PagedTable';
import { PlayerLink } from '../ui/PlayerLink';
import type { Column } from '../ui/Table';
import { Table } from '../ui/Table';

const COLUMNS: readonly Column<FoundPlayer>[] = [
  { title: 'Player', kind: 'wide', cell: ({ user_id: id, username }) => <PlayerLink userId={id} name={username} /> },
  { title: 'External id', kind: 'wide', cell: ({ player }) => player ?? <span className="muted">&ndash;</span> },
  {
    title: 'Attributes',
    kind: 'wide',
    cell: ({ attributes }) =>
      attributes ? Object.values(attributes).join(', ') : <span className="muted">&ndash;</span>,
  },
];

/** Players whose name begins with the text, after the one who has it as an id. */
export function SearchResults({ text }: { text: string }) {
  const byId = usePlayer(text);
  const byName = usePlayersByName(text);
  // That no player has this id is an answer, not a failure.
  const isUnknown = byId.data === undefined && byId.error !== null;
  const found = byId.data && { ...byId.data, player: byId.data.players?.[0] ?? null };
  return (
    <Card id="found-title" title={`Players found for \u201c${text}\u201d`} className="list">
      {found ? (
        <>
          <h3 className="list-title">By id</h3>
          <Table caption="Player with this id" columns={COLUMNS} rows={[found]} keyOf={({ user_id: id }) => id} />
          <h3 className="list-title">By name</h3>
        </>
      ) : (
        !isUnknown && (
          <Loaded query={byId} what="The player with this id">
            {() => null}
          </Loaded>
        )
      )}
      <PagedTable
        paged={byName}
        what="Players with this name"
        one="player"
        columns={COLUMNS}
        keyOf={({ user_id: id }) => id}
        empty={
          <Empty title={found ? 'No name begins with this' : 'No player has this id, and no name begins with it'} />
        }
      />
    </Card>
  );
}
