import { useEffect, useId, useState } from 'react';
import { errorMessage } from '../api/errors';
import type { FoundPlayer } from '../api/playersByName';
import { useFindPlayers, usePlayersByName } from '../api/playersByName';
import { countryOf } from '../lib/attributes';
import { parseInteger, userIdProblem } from '../lib/input';
import { showPlayer } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { Country } from '../ui/Country';
import { FieldProblem } from '../ui/FieldProblem';
import { announce } from '../ui/LiveRegion';
import { TextInput } from '../ui/TextInput';

/** So long without a key press until a name is looked up. */
const PAUSE_MS = 200;

function problemOf(param: string): string | undefined {
  return param === '' ? undefined : userIdProblem(param);
}

/** Whether a text is a name, as opposed to an id. A name of digits only is found by the player's id. */
function isName(text: string): boolean {
  return text.trim() !== '' && parseInteger(text) === null;
}

/** The text, once it has not changed for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSettled(text);
    }, PAUSE_MS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [text]);
  return settled;
}

/**
 * The search field, by id or by name, with the players found below it: a combobox of ARIA. `param` is the player in the
 * address, empty if there is none.
 */
export function PlayerSearch({ param }: { param: string }) {
  const t = useStrings();
  const id = useId();
  const [text, setText] = useState(param);
  const [problem, setProblem] = useState(problemOf(param));
  const [previous, setPrevious] = useState(param);
  const [isTyping, setIsTyping] = useState(false);
  const [active, setActive] = useState(-1);
  const name = useSettled(isTyping && isName(text) ? text.trim() : '');
  const search = usePlayersByName(name);
  const findPlayers = useFindPlayers();
  // The field follows the address, except that an invalid search, which never gets into the address, stays.
  if (previous !== param) {
    setPrevious(param);
    if (param !== '' || problem === undefined) {
      setText(param);
      setProblem(problemOf(param));
    }
  }
  const found = isTyping && isName(text) && name !== '' ? (search.data ?? []) : [];
  const isOpen = found.length > 0;

  function pick(userId: number) {
    setIsTyping(false);
    setActive(-1);
    setProblem(undefined);
    setText(String(userId));
    showPlayer(userId);
  }

  async function submit() {
    const chosen = found[active];
    if (chosen) {
      pick(chosen.user_id);
      return;
    }
    if (!isName(text)) {
      const wrong = userIdProblem(text);
      setProblem(wrong);
      setIsTyping(false);
      // A failed search also clears the player shown before.
      showPlayer(wrong === undefined ? Number(text.trim()) : null);
      return;
    }
    const wanted = text.trim();
    let list: FoundPlayer[];
    try {
      list = await findPlayers(wanted);
    } catch (error) {
      setProblem(errorMessage(error as Error));
      return;
    }
    const same = list.filter((player) => player.username.toLowerCase() === wanted.toLowerCase());
    const only = same.length === 1 ? same[0] : list.length === 1 ? list[0] : undefined;
    if (only) pick(only.user_id);
    else if (list.length === 0) {
      setProblem(t.player.noName(wanted));
      showPlayer(null);
    } else setIsTyping(true); // shows the list
  }

  const count = found.length;
  useEffect(() => {
    if (name !== '' && search.isSuccess) announce(t.player.found(count));
  }, [name, count, search.isSuccess, t]);

  const isNone = isTyping && name !== '' && name === text.trim() && search.isSuccess && search.data.length === 0;
  return (
    <form
      noValidate
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (!isOpen) return;
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault();
          const step = event.key === 'ArrowDown' ? 1 : -1;
          setActive((current) => (current + step + found.length + (current < 0 && step < 0 ? 1 : 0)) % found.length);
        } else if (event.key === 'Escape') {
          setIsTyping(false);
          setActive(-1);
        }
      }}
    >
      <div className="input-group">
        <TextInput
          role="combobox"
          aria-label={t.player.field}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-list` : undefined}
          aria-activedescendant={isOpen && active >= 0 ? `${id}-${active}` : undefined}
          placeholder={t.player.placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          isInvalid={problem !== undefined}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
            setIsTyping(true);
            setActive(-1);
          }}
        />
        <Button type="submit" variant="outline-primary">
          {t.player.find}
        </Button>
      </div>
      {isOpen && (
        <ul id={`${id}-list`} className="suggestions" role="listbox" aria-label={t.player.suggestions}>
          {found.map((player, position) => {
            const country = countryOf(player);
            return (
              <li
                key={player.user_id}
                id={`${id}-${position}`}
                role="option"
                aria-selected={position === active}
                onPointerDown={(event) => {
                  // Keeps the focus in the field.
                  event.preventDefault();
                }}
                onClick={() => {
                  pick(player.user_id);
                }}
              >
                <bdi>{player.username}</bdi>
                <span className="player-id">
                  {country !== null && <Country code={country} />}#{player.user_id}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      <FieldProblem id={`${id}-problem`} text={problem ?? (isNone ? t.player.noName(name) : undefined)} />
    </form>
  );
}
