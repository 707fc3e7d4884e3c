import { useId, useState } from 'react';
import { parseInteger } from '../lib/input';
import { showAround, showBigScreen, showPlace, usePlaceParam } from '../lib/location';
import { useMe } from '../lib/me';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { FieldProblem } from '../ui/FieldProblem';
import { TextInput } from '../ui/TextInput';
import '../styles/forms.scss';

/** Above the rows: to a rank, to me, back to the top, and the big screen. */
export default function BoardTools() {
  const t = useStrings();
  const me = useMe();
  const place = usePlaceParam();
  const problemId = useId();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();

  function jump() {
    const value = parseInteger(text);
    if (value === null || value < 1) {
      setProblem(t.board.badRank);
      return;
    }
    showPlace(value);
    setText('');
  }

  return (
    <div className="board-tools">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          jump();
        }}
      >
        <TextInput
          aria-label={t.board.rankToShow}
          aria-describedby={problem === undefined ? undefined : problemId}
          placeholder={t.board.rankToShow}
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
          {t.board.jump}
        </Button>
      </form>
      {me !== null && (
        <Button
          variant="outline-primary"
          onClick={() => {
            showAround(me);
          }}
        >
          {t.board.toMe}
        </Button>
      )}
      {place !== null && (
        <Button
          variant="link"
          onClick={() => {
            showPlace(null);
          }}
        >
          {t.board.toTop}
        </Button>
      )}
      <button
        type="button"
        className="tool"
        title={t.board.bigScreen}
        aria-label={t.board.bigScreen}
        onClick={() => {
          showBigScreen(true);
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M1.5 2.5h13v8.5h-13zM5.5 14h5M8 11v3" />
        </svg>
      </button>
      <FieldProblem id={problemId} text={problem} />
    </div>
  );
}
