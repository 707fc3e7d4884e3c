import type { SessionFilter } from '../api/moderation';
import { useBoards } from '../../api/boards';
import { anyNumber } from '../lib/checks';
import { TIME_ZONE, toInstant } from '../lib/time';
import { Field } from './Field';
import { ModerationDialog } from './ModerationDialog';
import { playerFilter } from './playerFilter';
import { useFields } from './useFields';

interface Props {
  /** The player whose sessions these are; without one, the form asks. */
  player?: { user_id: number; username: string };
  onClose: () => void;
}

/** Voids the sessions that meet every condition given. */
export function VoidDialog({ player, onClose }: Props) {
  const boards = useBoards().data ?? [];
  const form = useFields({ player: '', from: '', to: '', above: '', board: '' }, { above: anyNumber });
  const { values } = form;
  const target: SessionFilter = {
    ...(player ? { user_id: player.user_id } : playerFilter(values.player)),
    from: toInstant(values.from),
    to: toInstant(values.to),
    above: values.above.trim() === '' ? undefined : Number(values.above),
    board: values.board || undefined,
  };
  return (
    <ModerationDialog
      kind="void"
      title={player ? `Void sessions of ${player.username}` : 'Void sessions'}
      explanation="Sessions that meet every condition given stop counting on all boards. They stay in the ledger and can be restored."
      target={target}
      yes="Yes, void these sessions"
      fields={
        <div className="field-grid">
          {!player && (
            <Field label="Player" field={form.of('player')} hint="User id or external id. Empty: all players." />
          )}
          <Field
            label="Board"
            field={form.of('board')}
            choices={[['', 'Any'], ...boards.map(({ board }) => [board, board] as const)]}
          />
          <Field label="From" kind="moment" field={form.of('from')} />
          <Field label="To" kind="moment" field={form.of('to')} hint={`In the time zone ${TIME_ZONE}.`} />
          <Field
            label="Score better than"
            kind="number"
            field={form.of('above')}
            hint="Higher, or lower where the lowest wins."
          />
        </div>
      }
      check={(element) =>
        form.check(
          element,
          Object.values(target).some((value) => value !== undefined)
            ? {}
            : { [player ? 'board' : 'player']: 'Give at least one condition.' },
        )
      }
      onClose={onClose}
    />
  );
}
