import { useId } from 'react';
import { FieldProblem } from '../ui/FieldProblem';
import { TextInput } from '../ui/TextInput';
import type { SubmitFormState } from './useSubmitForm';
import type { Field } from './validation';

interface Props {
  field: Field;
  label: string;
  placeholder?: string;
  isNumber?: boolean;
  state: SubmitFormState;
}

export function TextField({ field, label, placeholder, isNumber = false, state }: Props) {
  const id = useId();
  const problemId = `${id}-problem`;
  const problem = state.problems[field];
  return (
    <div className="col-6">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <TextInput
        id={id}
        name={field}
        inputMode={isNumber ? 'numeric' : 'text'}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={state.values[field]}
        isInvalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        onChange={(event) => {
          state.change(field, event.target.value);
        }}
      />
      <FieldProblem id={problemId} text={problem} />
    </div>
  );
}
