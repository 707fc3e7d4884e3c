import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import Button from 'react-bootstrap/Button';
import { useBoards } from '../../api/boards';
import { number, plural } from '../../lib/format';
import { DEFAULT_BOARD } from '../../lib/location';
import { Card } from '../../ui/Card';
import { ErrorMessage } from '../../ui/ErrorMessage';
import { announce } from '../../ui/LiveRegion';
import { Notice } from '../../ui/Notice';
import type { Caught } from '../api/moderation';
import { testRules } from '../api/moderation';
import { anyNumber, MAX_INT, wholeNumber } from '../lib/checks';
import { ActButton } from '../ui/ActButton';
import { Field } from '../ui/Field';
import { Empty } from '../ui/Loaded';
import { Moment } from '../ui/Moment';
import { PlayerLink } from '../ui/PlayerLink';
import type { Column } from '../ui/Table';
import { Table } from '../ui/Table';
import { useFields } from '../ui/useFields';
import { VoidDialog } from '../ui/VoidDialog';

const COLUMNS: readonly Column<Caught>[] = [
  { title: 'Player', kind: 'wide', cell: ({ user_id: id, username }) => <PlayerLink userId={id} name={username} /> },
  { title: 'Sessions', kind: 'number', cell: ({ sessions }) => number(sessions) },
  { title: 'Best score', kind: 'number', cell: ({ worst_score: score }) => number(score) },
  { title: 'First', cell: ({ first_at: at }) => <Moment at={at} /> },
  { title: 'Last', cell: ({ last_at: at }) => <Moment at={at} /> },
  {
    title: 'Acts',
    kind: 'actions',
    cell: (player) => (
      <ActButton label="Void sessions&hellip;" of={`of ${player.username}`}>
        {(close) => <VoidDialog player={player} onClose={close} />}
      </ActButton>
    ),
  },
];

const RULES = [
  ['min_score', 'Lowest score', anyNumber],
  ['max_score', 'Highest score', anyNumber],
  ['max_submissions_per_minute', 'Submissions per minute', wholeNumber(1, MAX_INT)],
  ['max_gain_per_hour', 'Gain per hour', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
  ['max_score_per_second', 'Score per second of play', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
] as const;

type Rule = (typeof RULES)[number][0];

/** Whom new score rules of a board would have caught in the last days. Changes nothing. */
export function BackTest() {
  const boards = useBoards().data ?? [];
  const element = useRef<HTMLFormElement>(null);
  const isSending = useRef(false);
  const form = useFields(
    {
      board: DEFAULT_BOARD,
      days: '7',
      min_score: '',
      max_score: '',
      max_submissions_per_minute: '',
      max_gain_per_hour: '',
      max_score_per_second: '',
    },
    {
      days: (text) => (text.trim() === '' ? 'Enter a number of days.' : wholeNumber(1, 3650)(text)),
      ...Object.fromEntries(RULES.map(([name, , check]) => [name, check])),
    },
  );
  const test = useMutation({
    mutationFn: testRules,
    onSuccess: (caught) => {
      announce(`These rules would have caught ${caught.length === 0 ? 'no player' : plural(caught.length, 'player')}.`);
    },
    onSettled: () => {
      isSending.current = false;
    },
  });

  function send() {
    if (isSending.current) return;
    const { values } = form;
    const given = RULES.map(([name]) => name).filter((name) => values[name].trim() !== '');
    if (!form.check(element.current, given.length > 0 ? {} : { max_score: 'Give at least one rule.' })) return;
    isSending.current = true;
    const rules = Object.fromEntries(given.map((name) => [name, Number(values[name])])) as Partial<
      Record<Rule, number>
    >;
    test.mutate({ board: values.board, days: Number(values.days), ...rules });
  }

  return (
    <Card id="back-test-title" title="Whom would new rules have caught?" className="list" isBusy={test.isPending}>
      <form
        ref={element}
        className="toolbar"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <p className="muted">
          Tests score rules of a board on the submissions that it has accepted. Nothing is changed.
        </p>
        <Field label="Board" field={form.of('board')} choices={boards.map(({ board }) => [board, board] as const)} />
        <Field label="Days back" kind="number" field={form.of('days')} />
        {RULES.map(([name, label]) => (
          <Field key={name} label={label} kind="number" field={form.of(name)} placeholder="no rule" />
        ))}
        <Button type="submit" disabled={test.isPending}>
          {test.isPending ? 'Testing\u2026' : 'Test'}
        </Button>
      </form>
      {test.isError && (
        <Notice variant="danger" className="mx-body">
          <ErrorMessage error={test.error} />
        </Notice>
      )}
      {test.data &&
        (test.data.length === 0 ? (
          <Empty title="These rules would have caught no player" />
        ) : (
          <Table caption="Players caught" columns={COLUMNS} rows={test.data} keyOf={({ user_id: id }) => id} />
        ))}
    </Card>
  );
}
