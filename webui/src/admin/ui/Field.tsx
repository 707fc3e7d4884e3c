import { useId } from 'react';
import FormControl from 'react-bootstrap/FormControl';
import FormSelect from 'react-bootstrap/FormSelect';
import { FieldProblem } from '../../ui/FieldProblem';
import type { FieldState } from './useFields';

interface Props {
  label: string;
  field: FieldState;
  hint?: React.ReactNode;
  placeholder?: string;
  /** text by default; area: several lines. */
  kind?: 'text' | 'number' | 'moment' | 'area';
  /** Makes it a list of choices: [value, text]. */
  choices?: readonly (readonly [string, string])[];
  className?: string;
}

/** A labelled field with its hint and what is wrong with its value. */
export function Field({ label, field, hint, placeholder, kind = 'text', choices, className = '' }: Props) {
  const id = useId();
  const described = [field.problem !== undefined && `${id}-problem`, hint !== undefined && `${id}-hint`]
    .filter(Boolean)
    .join(' ');
  const shared = {
    id,
    name: field.name,
    value: field.value,
    isInvalid: field.problem !== undefined,
    'aria-describedby': described || undefined,
  };
  return (
    <div className={`field ${className}`}>
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      {choices ? (
        <FormSelect
          {...shared}
          onChange={(event) => {
            field.change(event.target.value);
          }}
        >
          {choices.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </FormSelect>
      ) : (
        <FormControl
          {...shared}
          {...(kind === 'area' ? { as: 'textarea' as const, rows: 2 } : {})}
          {...(kind === 'moment' ? { type: 'datetime-local', step: 1 } : {})}
          inputMode={kind === 'number' ? 'numeric' : undefined}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={kind === 'area'}
          onChange={(event) => {
            field.change(event.target.value);
          }}
        />
      )}
      <FieldProblem id={`${id}-problem`} text={field.problem} />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface CheckProps {
  label: string;
  name: string;
  checked: boolean;
  hint?: string;
  change: (checked: boolean) => void;
}

export function CheckField({ label, name, checked, hint, change }: CheckProps) {
  const id = useId();
  return (
    <div className="field check">
      <input
        id={id}
        type="checkbox"
        className="form-check-input"
        name={name}
        checked={checked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          change(event.target.checked);
        }}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
