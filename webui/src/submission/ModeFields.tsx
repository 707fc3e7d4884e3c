import { useId, useState } from 'react';
import Col from 'react-bootstrap/Col';
import FormSelect from 'react-bootstrap/FormSelect';
import { useBoard } from '../api/boards';
import { TextField } from './TextField';
import type { SubmitFormState } from './useSubmitForm';

const LISTED = ['solo', 'team'];
const OTHER = 'other';

/** The mode: one of the list, or any other by its name. */
export function ModeFields({ state }: { state: SubmitFormState }) {
  // The only mode that the board takes; null if it takes all.
  const boardMode = useBoard()?.game_mode ?? null;
  const { mode } = state.values;
  const id = useId();
  const [isOther, setIsOther] = useState(!LISTED.includes(mode));
  return (
    <>
      <Col xs={6}>
        <label className="form-label" htmlFor={id}>
          Mode
        </label>
        <FormSelect
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
              <option value="solo">Solo</option>
              <option value="team">Team</option>
              <option value={OTHER}>Other&hellip;</option>
            </>
          )}
        </FormSelect>
      </Col>
      {isOther && boardMode === null && <TextField field="mode" label="Mode name" state={state} />}
    </>
  );
}
