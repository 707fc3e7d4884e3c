import { useRef } from 'react';
import Button from 'react-bootstrap/Button';
import { Card } from '../../ui/Card';
import { required } from '../lib/checks';
import { hrefOf, navigate } from '../lib/route';
import { Field } from '../ui/Field';
import { useFields } from '../ui/useFields';

/** `isShort`: above a player, whom it must not push down. */
export function PlayerSearch({ text, isShort }: { text: string; isShort: boolean }) {
  const element = useRef<HTMLFormElement>(null);
  const form = useFields({ find: text }, { find: required('a name or an id', 255) });
  const search = (
    <form
      ref={element}
      className="find"
      role="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.check(element.current)) navigate(hrefOf('players', null, { find: form.values.find.trim() }));
      }}
    >
      <Field
        label="Name, user id or external id"
        field={form.of('find')}
        {...(isShort ? {} : { hint: 'How the name begins, 42, or steam:76561198000000000.' })}
      />
      <Button type="submit">Find</Button>
    </form>
  );
  if (isShort) return <div className="card short">{search}</div>;
  return (
    <Card id="find-title" title="Find a player">
      {search}
    </Card>
  );
}
