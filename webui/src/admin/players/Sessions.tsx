import { number } from '../../lib/format';
import { Card } from '../../ui/Card';
import type { Player, Session } from '../api/players';
import { useSessions } from '../api/players';
import { ActButton } from '../ui/ActButton';
import { Empty } from '../ui/Loaded';
import { ModerationDialog } from '../ui/ModerationDialog';
import { Moment } from '../ui/Moment';
import { PagedTable } from '../ui/PagedTable';
import type { Column } from '../ui/Table';

const COLUMNS: readonly Column<Session>[] = [
  { title: 'Session', kind: 'number', cell: ({ id }) => id },
  { title: 'Time', cell: ({ at }) => <Moment at={at} /> },
  { title: 'Mode', cell: ({ game_mode: mode }) => mode },
  { title: 'Score', kind: 'number', cell: ({ score }) => number(score) },
  { title: 'Notes', kind: 'wide', cell: (session) => <Notes session={session} /> },
  { title: 'Acts', kind: 'actions', cell: (session) => <SessionAct session={session} /> },
];

function isVoid({ void_id: voidId }: Session): boolean {
  return voidId !== undefined && voidId !== null;
}

function Notes({ session }: { session: Session }) {
  const { metadata, void_id: voidId, reason, played_at: playedAt } = session;
  const hasMetadata = metadata !== null;
  if (!isVoid(session) && !hasMetadata && playedAt === null) return null;
  return (
    <div className="notes">
      {isVoid(session) && (
        <div>
          <span className="tag tag-void">void</span> act {voidId}
          {reason && <>: {reason}</>}
        </div>
      )}
      {playedAt !== null && (
        <div>
          played <Moment at={playedAt} />
        </div>
      )}
      {hasMetadata && <code>{JSON.stringify(metadata)}</code>}
    </div>
  );
}

function SessionAct({ session }: { session: Session }) {
  const { id, score } = session;
  const what = `session ${id} with the score ${number(score)}`;
  return isVoid(session) ? (
    <ActButton label="Restore&hellip;" of={what}>
      {(close) => (
        <ModerationDialog
          kind="restore"
          title={`Restore session ${id}`}
          explanation={`The score ${number(score)} counts again.`}
          target={{ session_id: id }}
          yes="Yes, restore the session"
          onClose={close}
        />
      )}
    </ActButton>
  ) : (
    <ActButton label="Void&hellip;" of={what}>
      {(close) => (
        <ModerationDialog
          kind="void"
          title={`Void session ${id}`}
          explanation={`The score ${number(score)} stops counting on all boards. It can be restored.`}
          target={{ session_id: id }}
          yes="Yes, void the session"
          onClose={close}
        />
      )}
    </ActButton>
  );
}

/** Every score of a player, newest first, with the void ones. */
export function Sessions({ player }: { player: Player }) {
  const sessions = useSessions(player.user_id);
  return (
    <Card id="sessions-title" title="Sessions" className="list">
      <PagedTable
        paged={sessions}
        what="The sessions"
        one="session"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        classOf={(session) => (isVoid(session) ? 'faded' : undefined)}
        empty={<Empty title="No sessions yet" />}
      />
    </Card>
  );
}
