/** The options of a board and its score rules: how the form asks for them, and how they are shown. */

import { number } from '../../lib/format';
import type { Board } from '../../api/boards';
import type { BoardOptions } from '../api/boards';
import type { Check } from '../lib/checks';
import { anyNumber, limit, required, wholeNumber } from '../lib/checks';
import { fromInstant, moment, toInstant } from '../lib/time';

type Kind = 'text' | 'number' | 'moment' | 'local' | 'check' | 'choice';

export interface Option {
  name: keyof Omit<Board, 'board' | 'players' | 'season' | 'season_starts_at' | 'next_reset_at'>;
  label: string;
  kind: Kind;
  /** As in the form. */
  initial: string;
  hint?: string;
  choices?: readonly (readonly [string, string])[];
  check?: Check;
  /** What no value means. */
  none?: string;
}

const YES = 'yes';
const seconds = wholeNumber(0, 86_400);
const gain = wholeNumber(0, Number.MAX_SAFE_INTEGER);

function bound(text: string): string | undefined {
  return text.trim() === '' ? 'Enter a whole number.' : anyNumber(text);
}

export interface Group {
  title: string;
  options: readonly Option[];
}

const COUNTED: Group = {
  title: 'What counts',
  options: [
    { name: 'game_mode', label: 'Mode', kind: 'text', initial: '', none: 'any', hint: 'Empty: scores of every mode.' },
    {
      name: 'aggregate',
      label: 'Total',
      kind: 'choice',
      initial: 'sum',
      choices: [
        ['sum', 'Sum of the scores'],
        ['best', 'Best score'],
        ['last', 'Latest score'],
        ['first', 'First score'],
        ['count', 'Number of scores'],
      ],
    },
    { name: 'lowest_wins', label: 'The lowest total wins', kind: 'check', initial: '' },
    {
      name: 'ties',
      label: 'Equal totals',
      kind: 'choice',
      initial: 'shared',
      choices: [
        ['shared', 'Ordered by user id'],
        ['earliest', 'Ordered by who got there first'],
      ],
    },
    { name: 'opens_at', label: 'Opens', kind: 'moment', initial: '' },
    { name: 'closes_at', label: 'Closes', kind: 'moment', initial: '' },
    {
      name: 'split_by',
      label: 'Split by attribute',
      kind: 'text',
      initial: '',
      hint: 'Such as country: a board for each of its values.',
    },
  ],
};

const SHOWN: Group = {
  title: 'How totals are shown',
  options: [
    { name: 'unit', label: 'Unit', kind: 'text', initial: '', hint: 'ms and s are shown as times.' },
    {
      name: 'decimals',
      label: 'Decimals',
      kind: 'number',
      initial: '0',
      check: (text) => (text.trim() === '' ? 'Enter a number from 0 to 9.' : wholeNumber(0, 9)(text)),
    },
  ],
};

const SEASONS: Group = {
  title: 'Seasons',
  options: [
    {
      name: 'period',
      label: 'Length',
      kind: 'text',
      initial: '',
      none: 'no seasons',
      hint: 'daily, weekly, monthly, or such as 4 hours. Empty: no seasons.',
    },
    { name: 'manual_seasons', label: 'Seasons end by hand', kind: 'check', initial: '' },
    { name: 'time_zone', label: 'Time zone', kind: 'text', initial: 'UTC', check: required('a time zone', 255) },
    {
      name: 'anchor',
      label: 'Begins at',
      kind: 'local',
      initial: '',
      hint: 'A local time of that zone. Empty: midnight.',
    },
    {
      name: 'grace',
      label: 'Grace',
      kind: 'text',
      initial: '00:00:00',
      check: required('a length of time', 50),
      hint: 'How long a season still takes scores after its end.',
    },
    {
      name: 'keep_seasons',
      label: 'Closed seasons kept',
      kind: 'number',
      initial: '',
      none: 'all',
      check: wholeNumber(1, 2_147_483_647),
      hint: 'Empty: all.',
    },
  ],
};

export const RULES: Group = {
  title: 'Score rules',
  options: [
    { name: 'min_score', label: 'Lowest score', kind: 'number', initial: '0', check: bound },
    { name: 'max_score', label: 'Highest score', kind: 'number', initial: '2147483647', check: bound },
    {
      name: 'max_submissions_per_minute',
      label: 'Submissions per minute',
      kind: 'number',
      initial: '',
      none: 'no limit',
      check: limit,
      hint: 'Of one player. Empty: no limit.',
    },
    {
      name: 'max_gain_per_hour',
      label: 'Gain per hour',
      kind: 'number',
      initial: '',
      none: 'no limit',
      check: gain,
      hint: 'Empty: no limit.',
    },
    { name: 'require_ticket', label: 'A play ticket is required', kind: 'check', initial: '' },
    {
      name: 'min_play_seconds',
      label: 'Shortest play, seconds',
      kind: 'number',
      initial: '',
      none: 'no limit',
      check: seconds,
      hint: 'From the ticket to the score.',
    },
    {
      name: 'max_play_seconds',
      label: 'Longest play, seconds',
      kind: 'number',
      initial: '',
      none: 'a day',
      check: seconds,
      hint: 'Empty: a day.',
    },
    {
      name: 'max_score_per_second',
      label: 'Score per second of play',
      kind: 'number',
      initial: '',
      none: 'no limit',
      check: gain,
      hint: 'Empty: no limit.',
    },
  ],
};

export const GROUPS: readonly Group[] = [COUNTED, SHOWN, SEASONS, RULES];
export const OPTIONS: readonly Option[] = GROUPS.flatMap(({ options }) => options);
/** What a new board may have. The other rules are set afterwards. */
export const RULES_OF_NEW_BOARDS: readonly Option['name'][] = ['min_score', 'max_score'];

/** What the form shows for a board; for a new one without it. */
export function initialValues(board?: Board): Record<string, string> {
  return Object.fromEntries(
    OPTIONS.map((option) => [option.name, board ? textOf(option, board[option.name]) : option.initial]),
  );
}

function textOf({ kind, initial }: Option, value: Board[Option['name']]): string {
  if (value === undefined || value === null) return initial;
  if (kind === 'check') return value === true ? YES : '';
  if (kind === 'moment') return fromInstant(value as string);
  if (kind === 'local') return (value as string).slice(0, 19);
  return String(value);
}

/** What the service takes for the text of the form. */
export function valueOf({ kind }: Option, text: string): string | number | boolean | null {
  const trimmed = text.trim();
  if (kind === 'check') return trimmed === YES;
  if (trimmed === '') return null;
  if (kind === 'number') return Number(trimmed);
  if (kind === 'moment') return toInstant(trimmed) ?? null;
  if (kind === 'local') return trimmed.length === 16 ? `${trimmed}:00` : trimmed;
  return trimmed;
}

/** The options whose text is another one now. */
export function changedOptions(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): Option[] {
  return OPTIONS.filter(({ name }) => (before[name] ?? '').trim() !== (now[name] ?? '').trim());
}

export function requestOf(options: readonly Option[], values: Readonly<Record<string, string>>): BoardOptions {
  return Object.fromEntries(options.map((option) => [option.name, valueOf(option, values[option.name] ?? '')]));
}

/** A text of the form in words, such as "Best score", "5,000", "no". */
export function inWords({ kind, choices, none = 'none' }: Option, text: string): string {
  const trimmed = text.trim();
  if (kind === 'check') return trimmed === YES ? 'yes' : 'no';
  if (trimmed === '') return none;
  if (choices) return choices.find(([value]) => value === trimmed)?.[1] ?? trimmed;
  if (kind === 'number') return number(Number(trimmed));
  if (kind === 'moment') return moment(toInstant(trimmed) ?? trimmed);
  if (kind === 'local') return trimmed.replace('T', ' ');
  return trimmed;
}
