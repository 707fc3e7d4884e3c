import { CheckField, Field } from '../ui/Field';
import type { useFields } from '../ui/useFields';
import type { Option } from './options';
import { GROUPS, RULES_OF_NEW_BOARDS } from './options';

type Form = ReturnType<typeof useFields>;

/** The options of a board, in groups. */
export function BoardForm({ form, isNew }: { form: Form; isNew: boolean }) {
  return (
    <>
      <Field
        label="Name"
        field={form.of('name')}
        hint={
          isNew
            ? 'Letters, digits, dot, dash and underscore; at most 50.'
            : 'A new name is a new address: links to the old one end.'
        }
      />
      {GROUPS.map(({ title, options }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          <div className="field-grid">
            {options
              .filter(({ name }) => !isNew || title !== 'Score rules' || RULES_OF_NEW_BOARDS.includes(name))
              .map((option) => (
                <OptionField key={option.name} option={option} form={form} />
              ))}
          </div>
          {isNew && title === 'Score rules' && (
            <p className="hint">The other rules can be set once the board exists.</p>
          )}
        </fieldset>
      ))}
    </>
  );
}

function OptionField({ option, form }: { option: Option; form: Form }) {
  const { name, label, kind, hint, choices } = option;
  if (kind === 'check') {
    return (
      <CheckField
        name={name}
        label={label}
        checked={form.values[name] === 'yes'}
        change={(checked) => {
          form.change(name, checked ? 'yes' : '');
        }}
        {...(hint === undefined ? {} : { hint })}
      />
    );
  }
  return (
    <Field
      label={label}
      field={form.of(name)}
      kind={kind === 'number' ? 'number' : kind === 'moment' || kind === 'local' ? 'moment' : 'text'}
      {...(hint === undefined ? {} : { hint })}
      {...(choices === undefined ? {} : { choices })}
    />
  );
}
