import { useId, useState } from 'react';
import Col from 'react-bootstrap/Col';
import FormSelect from 'react-bootstrap/FormSelect';
import { TextField } from './TextField';
import type { Field } from './validation';

const LISTED = ['solo', 'team'];
const OTHER = 'other';

interface Props {
  /** The only mode that the board takes; null if it takes all. */
  boardMode: string | null;
  value: string;
  problem: string | undefined;
  onChange: (field: Field, value: string) => void;
}

/** The mode: one of the list, or any other by its name. */
export function ModeFields({ boardMode, value, problem, onChange }: Props) {
  const id = useId();
  const [isOther, setIsOther] = useState(!LISTED.includes(value));
  return (
    <>
      <Col xs={6}>
        <label className="form-label" htmlFor={id}>
          Mode
        </label>
        <FormSelect
          id={id}
          value={boardMode ?? (isOther ? OTHER : value)}
          disabled={boardMode !== null}
          onChange={({ target: { value: chosen } }) => {
            setIsOther(chosen === OTHER);
            onChange('mode', chosen === OTHER ? '' : chosen);
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
      {isOther && boardMode === null && (
        <TextField field="mode" label="Mode name" value={value} problem={problem} onChange={onChange} />
      )}
    </>
  );
}
