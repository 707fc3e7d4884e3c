import { useState } from 'react';
import { userIdProblem } from '../lib/input';
import { showPlayer } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { FieldProblem } from '../ui/FieldProblem';
import { TextInput } from '../ui/TextInput';

function problemOf(param: string): string | undefined {
  return param === '' ? undefined : userIdProblem(param);
}

/** The search field. `param` is the player in the address, empty if there is none. */
export function PlayerSearch({ param }: { param: string }) {
  const t = useStrings();
  const [text, setText] = useState(param);
  const [problem, setProblem] = useState(problemOf(param));
  const [previous, setPrevious] = useState(param);
  // The field follows the address, except that an invalid search, which never gets into the address, stays.
  if (previous !== param) {
    setPrevious(param);
    if (param !== '' || problem === undefined) {
      setText(param);
      setProblem(problemOf(param));
    }
  }
  return (
    <form
      noValidate
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const found = userIdProblem(text);
        setProblem(found);
        // A failed search also clears the player shown before.
        showPlayer(found === undefined ? Number(text.trim()) : null);
      }}
    >
      <div className="input-group">
        <TextInput
          aria-label={t.player.field}
          aria-describedby={problem === undefined ? undefined : 'player-problem'}
          placeholder={t.player.placeholder}
          inputMode="numeric"
          autoComplete="off"
          value={text}
          isInvalid={problem !== undefined}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
        />
        <Button type="submit" variant="outline-primary">
          {t.player.find}
        </Button>
      </div>
      <FieldProblem id="player-problem" text={problem} />
    </form>
  );
}
