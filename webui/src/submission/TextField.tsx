import { useId } from 'react';
import Col from 'react-bootstrap/Col';
import FormControl from 'react-bootstrap/FormControl';
import { FieldProblem } from '../ui/FieldProblem';
import type { Field } from './validation';

interface Props {
  field: Field;
  label: string;
  placeholder?: string;
  isNumber?: boolean;
  value: string;
  problem: string | undefined;
  onChange: (field: Field, value: string) => void;
}

export function TextField({ field, label, placeholder, isNumber = false, value, problem, onChange }: Props) {
  const id = useId();
  const problemId = `${id}-problem`;
  return (
    <Col xs={6}>
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <FormControl
        id={id}
        name={field}
        inputMode={isNumber ? 'numeric' : 'text'}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={value}
        isInvalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        onChange={(event) => {
          onChange(field, event.target.value);
        }}
      />
      <FieldProblem id={problemId} text={problem} />
    </Col>
  );
}
