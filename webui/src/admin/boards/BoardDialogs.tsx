import { plural } from '../../lib/format';
import type { Board } from '../../api/boards';
import type { ChangedBoard } from '../api/boards';
import { alterBoard, createBoard, deleteBoard, endSeason, fetchSeasons } from '../api/boards';
import type { Check } from '../lib/checks';
import { required } from '../lib/checks';
import { hrefOf, navigate } from '../lib/route';
import { some } from '../lib/words';
import { ActDialog } from '../ui/ActDialog';
import { useFields } from '../ui/useFields';
import { BoardForm } from './BoardForm';
import type { Option } from './options';
import { changedOptions, initialValues, inWords, OPTIONS, requestOf } from './options';

const CHECKS: Partial<Record<string, Check>> = {
  name: required('a name', 50),
  ...Object.fromEntries(OPTIONS.filter(({ check }) => check).map(({ name, check }) => [name, check])),
};

/** Options with what they become, and what they were. */
function Changes({ options, values, before }: ChangesProps) {
  return (
    <ul className="changes">
      {options.map((option) => (
        <li key={option.name}>
          {option.label}: {before && <>{inWords(option, before[option.name] ?? '')} &rarr; </>}
          <strong>{inWords(option, values[option.name] ?? '')}</strong>
        </li>
      ))}
    </ul>
  );
}

interface ChangesProps {
  options: readonly Option[];
  values: Readonly<Record<string, string>>;
  before?: Readonly<Record<string, string>>;
}

export function CreateBoardDialog({ onClose }: { onClose: () => void }) {
  const before = initialValues();
  const form = useFields<string>({ name: '', ...before }, CHECKS);
  const name = form.values.name?.trim() ?? '';
  const options = changedOptions(before, form.values);
  return (
    <ActDialog
      act={{
        title: 'New board',
        fields: <BoardForm form={form} isNew />,
        check: (element) => form.check(element),
        preview: () => Promise.resolve(null),
        describe: () => (
          <>
            <p>
              <strong>The board {name} is made</strong>, and counts all scores so far, too. No other board changes.
            </p>
            <Changes options={options} values={form.values} />
          </>
        ),
        yes: 'Yes, create the board',
        run: () => createBoard(name, requestOf(options, form.values)),
        done: () => `The board ${name} was created. A large one is being filled: until then its ranks are not there.`,
        after: () => {
          navigate(hrefOf('boards', name));
        },
      }}
      onClose={onClose}
    />
  );
}

function describeChange({ totals_changed: totals, filling, seasons_dropped: dropped }: ChangedBoard): string {
  const counted =
    totals === null || filling
      ? 'The board is filled anew; until then its ranks are not there'
      : `${plural(totals, 'total')} ${totals === 1 ? 'changes' : 'change'}`;
  return `${counted}. ${some(dropped, 'closed season').replace(/^n/, 'N')} ${dropped === 1 ? 'is' : 'are'} deleted.`;
}

export function AlterBoardDialog({ board, onClose }: { board: Board; onClose: () => void }) {
  const before = initialValues(board);
  const form = useFields<string>({ name: board.board, ...before }, CHECKS);
  const name = form.values.name?.trim() ?? '';
  const options = changedOptions(before, form.values);
  const changes = {
    ...(name === board.board ? {} : { name }),
    ...requestOf(options, form.values),
  };
  return (
    <ActDialog
      act={{
        title: `Change ${board.board}`,
        fields: <BoardForm form={form} isNew={false} />,
        check: (element) =>
          form.check(element, Object.keys(changes).length === 0 ? { name: 'Nothing is different yet.' } : {}),
        preview: (signal) => alterBoard(board.board, changes, true, signal),
        describe: (effect) => (
          <>
            <p>
              <strong>{describeChange(effect)}</strong>
            </p>
            {name !== board.board && (
              <p>
                The board is called <strong>{name}</strong>.
              </p>
            )}
            <Changes options={options} values={form.values} before={before} />
          </>
        ),
        yes: 'Yes, change the board',
        confirm: ({ seasons_dropped: dropped }) =>
          dropped > 0 ? { text: board.board, what: 'the name of the board' } : undefined,
        run: () => alterBoard(board.board, changes, false),
        done: (effect) => `The board ${board.board} was changed. ${describeChange(effect)}`,
        after: () => {
          if (name !== board.board) navigate(hrefOf('boards', name));
        },
      }}
      onClose={onClose}
    />
  );
}

/** Whether the board has seasons, running or closed. */
export function hasSeasons({ period, manual_seasons: isManual }: Board): boolean {
  return Boolean(period) || Boolean(isManual);
}

export function DeleteBoardDialog({ board, onClose }: { board: Board; onClose: () => void }) {
  return (
    <ActDialog
      act={{
        title: `Delete ${board.board}`,
        preview: async (signal) => (hasSeasons(board) ? (await fetchSeasons(board.board, signal)).seasons.length : 0),
        describe: (seasons) => (
          <>
            <p>
              <strong>
                {plural(board.players, 'total')} and{' '}
                {seasons >= 100 ? 'more than 100 seasons' : some(seasons, 'season')} are deleted, with their final
                ranks.
              </strong>
            </p>
            <p>The scores stay in the ledger, and on other boards.</p>
          </>
        ),
        yes: 'Yes, delete the board',
        confirm: () => ({ text: board.board, what: 'the name of the board' }),
        run: () => deleteBoard(board.board),
        done: () => `The board ${board.board} was deleted.`,
        after: () => {
          navigate(hrefOf('boards'));
        },
      }}
      onClose={onClose}
    />
  );
}

export function EndSeasonDialog({ board, season, onClose }: { board: Board; season: number; onClose: () => void }) {
  return (
    <ActDialog
      act={{
        title: `End season ${season} of ${board.board}`,
        preview: () => Promise.resolve(null),
        describe: () => (
          <p>
            <strong>
              The ranks of {plural(board.players, 'player')} become final, and season {season + 1} begins empty.
            </strong>
          </p>
        ),
        yes: `Yes, end season ${season}`,
        confirm: () => ({ text: board.board, what: 'the name of the board' }),
        run: () => endSeason(board.board, season),
        done: ({ ended, started }) => `Season ${ended} of ${board.board} ended. Season ${started} runs now.`,
      }}
      onClose={onClose}
    />
  );
}
