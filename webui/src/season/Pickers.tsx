import { useId } from 'react';
import { useBoard } from '../api/boards';
import { useSeasons } from '../api/seasons';
import { useSplits } from '../api/splits';
import { countryName } from '../lib/attributes';
import { date } from '../lib/format';
import { showSeason, showSplit, useView } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Countdown } from './Countdown';
import './season.scss';

/** Season and part of the board, and when the next season begins. */
export default function Pickers() {
  const board = useBoard();
  const { season } = useView();
  return (
    <div className="pickers">
      <SeasonPicker />
      <SplitPicker />
      {season === null && board?.next_reset_at && <Countdown key={board.next_reset_at} to={board.next_reset_at} />}
    </div>
  );
}

interface Option {
  value: string;
  text: string;
}

interface PickerProps {
  label: string;
  /** The empty text: the default. */
  value: string;
  options: readonly Option[];
  onPick: (value: string) => void;
}

function Picker({ label, value, options, onPick }: PickerProps) {
  const id = useId();
  return (
    <div className="picker">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onPick(event.target.value);
        }}
      >
        {options.map(({ value: each, text }) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
        {/* What the address asks for, even if it does not exist. */}
        {options.some((option) => option.value === value) || <option value={value}>{value}</option>}
      </select>
    </div>
  );
}

function SeasonPicker() {
  const t = useStrings();
  const seasons = useSeasons();
  const { season } = useView();
  if (!seasons || (seasons.length < 2 && season === null)) return null;
  const shown = season === 'previous' ? String(seasons[1]?.season ?? season) : season;
  const running = seasons.find(({ state }) => state === 'running');
  return (
    <Picker
      label={t.seasons.season}
      value={shown === null || shown === String(running?.season) ? '' : shown}
      options={seasons.map((each) => ({
        value: each.state === 'running' ? '' : String(each.season),
        text:
          each.state === 'running'
            ? t.seasons.running(each.season)
            : t.seasons.past(each.season, each.ends_at === null ? '' : date(each.ends_at), each.winner?.username ?? ''),
      }))}
      onPick={(picked) => {
        showSeason(picked === '' ? null : picked);
      }}
    />
  );
}

function SplitPicker() {
  const t = useStrings();
  const board = useBoard();
  const splits = useSplits();
  const { split } = useView();
  if (!splits || !board?.split_by) return null;
  const isByCountry = board.split_by === 'country';
  return (
    <Picker
      label={isByCountry ? t.splits.country : board.split_by}
      value={split ?? ''}
      options={[
        { value: '', text: t.splits.all },
        ...splits
          .map((each) => ({ ...each, name: isByCountry ? countryName(each.split) : each.split }))
          .sort((one, other) => one.name.localeCompare(other.name))
          .map((each) => ({ value: each.split, text: t.splits.option(each.name, each.players) })),
      ]}
      onPick={(picked) => {
        showSplit(picked === '' ? null : picked);
      }}
    />
  );
}
