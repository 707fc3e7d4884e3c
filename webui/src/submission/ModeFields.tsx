import { useId, useState } from 'react';
import { useBoard } from '../api/boards';
import { useStrings } from '../lib/strings';
import { TextField } from './TextField';
import type { SubmitFormState } from './useSubmitForm';

const LISTED = ['solo', 'team'];
const OTHER = 'other';

/** The mode: one of the list, or any other by its name. */
export function ModeFields({ state }: { state: SubmitFormState }) {
  const t = useStrings();
  // The only mode that the board takes; null if it takes all.
  const boardMode = useBoard()?.game_mode ?? null;
  const { mode } = state.values;
  const id = useId();
  const [isOther, setIsOther] = useState(!LISTED.includes(mode));
  return (
    <>
      <div className="col-6">
        <label className="form-label" htmlFor={id}>
          {t.submission.mode}
        </label>
        <select
          className="form-select"
          id={id}
          value={boardMode ?? (isOther ? OTHER : mode)}
          disabled={boardMode !== null}
          onChange={({ target: { value } }) => {
            setIsOther(value === OTHER);
            state.change('mode', value === OTHER ? '' : value);
          }}
        >
          {boardMode !== null ? (
            <option>{boardMode}</option>
          ) : (
            <>
              <option value="solo">{t.submission.solo}</option>
              <option value="team">{t.submission.team}</option>
              <option value={OTHER}>{t.submission.other}</option>
            </>
          )}
        </select>
      </div>
      {isOther && boardMode === null && <TextField field="mode" label={t.submission.modeName} state={state} />}
    </>
  );
}
