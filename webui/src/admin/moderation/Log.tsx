import { Card } from '../../ui/Card';
import type { LoggedAct } from '../api/moderation';
import { useModerationLog } from '../api/moderation';
import { hrefOf, navigate, useRoute } from '../lib/route';
import { ActButton } from '../ui/ActButton';
import { Field } from '../ui/Field';
import { Empty } from '../ui/Loaded';
import { ModerationDialog } from '../ui/ModerationDialog';
import { Moment } from '../ui/Moment';
import { PagedTable } from '../ui/PagedTable';
import { PlayerLink } from '../ui/PlayerLink';
import { playerFilter } from '../ui/playerFilter';
import type { Column } from '../ui/Table';
import { useFields } from '../ui/useFields';
import { VoidDialog } from '../ui/VoidDialog';
import { ACTIONS, describeExtent, describeFilter, isUndoable } from './describeAct';

const COLUMNS: readonly Column<LoggedAct>[] = [
  { title: 'Act', cell: ({ id }) => id, kind: 'number' },
  { title: 'Time', cell: ({ at }) => <Moment at={at} /> },
  { title: 'What', kind: 'wide', cell: (act) => <What act={act} /> },
  { title: 'Reason', kind: 'wide', cell: ({ reason }) => <bdi>{reason}</bdi> },
  { title: 'By', kind: 'wide', cell: ({ operator }) => <bdi>{operator}</bdi> },
  { title: 'Undo', kind: 'actions', cell: (act) => <Undo act={act} /> },
];

function What({ act }: { act: LoggedAct }) {
  // Of an undo, the act that it undoes says it all.
  const filter = act.undoes === null ? describeFilter(act.filter) : '';
  return (
    <div className="what">
      <span className={`tag tag-${act.action}`}>{ACTIONS[act.action]}</span>{' '}
      {act.undoes !== null && <>of act {act.undoes} </>}
      {act.user_id !== null && <PlayerLink userId={act.user_id} />}
      {filter !== '' && <span> {filter}</span>}
      <div className="muted">
        {describeExtent(act)}
        {act.until !== null && (
          <>
            {' '}
            until <Moment at={act.until} />
          </>
        )}
      </div>
    </div>
  );
}

function Undo({ act }: { act: LoggedAct }) {
  if (act.undone_by !== null) return <span className="muted">undone by act {act.undone_by}</span>;
  if (!isUndoable(act)) return null;
  return (
    <ActButton label="Undo&hellip;" of={`act ${act.id}`}>
      {(close) => (
        <ModerationDialog
          kind="undo"
          title={`Undo act ${act.id}`}
          explanation={`${ACTIONS[act.action]} \u2013 ${act.reason}. Sessions and players become as they were before it.`}
          target={{ act: act.id }}
          yes={`Yes, undo act ${act.id}`}
          onClose={close}
        />
      )}
    </ActButton>
  );
}

export function Log() {
  const { query } = useRoute();
  const player = query.get('player') ?? '';
  const action = query.get('action') ?? '';
  const log = useModerationLog(playerFilter(player));
  return (
    <Card
      id="log-title"
      title="Moderation log"
      className="list"
      actions={
        <ActButton label="Void sessions&hellip;" isPrimary>
          {(close) => <VoidDialog onClose={close} />}
        </ActButton>
      }
    >
      <Filter key={`${player} ${action}`} player={player} action={action} />
      <PagedTable
        paged={log}
        what="The acts"
        one="act"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        classOf={({ undone_by: undoneBy }) => (undoneBy === null ? undefined : 'faded')}
        {...(action === '' ? {} : { filter: (act: LoggedAct) => act.action === action })}
        empty={
          <Empty title={player === '' ? 'Nothing was moderated yet' : 'No acts on this player'}>
            <p>Every void, ban and undo is listed here with its reason.</p>
          </Empty>
        }
      />
    </Card>
  );
}

const KINDS: readonly (readonly [string, string])[] = [['', 'All'], ...Object.entries(ACTIONS)];

function Filter({ player, action }: { player: string; action: string }) {
  const form = useFields({ player, action });
  return (
    <form
      className="toolbar"
      role="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        navigate(hrefOf('moderation', null, { player: form.values.player.trim(), action: form.values.action }));
      }}
    >
      <Field label="Player" field={form.of('player')} placeholder="User id or external id" />
      <Field label="Kind" field={form.of('action')} choices={KINDS} />
      <button type="submit" className="btn btn-outline-primary">
        Show
      </button>
    </form>
  );
}
