import type { SubmitAnswer } from '../api/submit';
import { number, plural } from '../app/format';
import { lookUp } from '../app/location';

/** How many ranks a submission moved its player; null for one who was not on the board before. */
function moved({ rank, previous_rank: before }: SubmitAnswer): number | null {
  return rank == null || before == null ? null : before - rank;
}

function movement(answer: SubmitAnswer): string {
  const places = moved(answer);
  if (places === null) return 'new on the board';
  if (places === 0) return 'the same place as before';
  return `${places > 0 ? 'up' : 'down'} ${plural(Math.abs(places), 'place')}`;
}

/** The answer in a sentence, for the live region. */
export function describe(answer: SubmitAnswer): string {
  const counted = answer.duplicate ? 'This score had been counted already.' : 'The score is counted.';
  const place = answer.rank == null ? '' : `, rank ${number(answer.rank)}, ${movement(answer)}`;
  return `${counted} Player ${answer.user_id}: total ${number(answer.total_score)}${place}.`;
}

/** What a submission did: the new total, the new rank, the places moved. */
export function Counted({ answer }: { answer: SubmitAnswer }) {
  const places = moved(answer);
  const direction = places === null || places === 0 ? '' : places > 0 ? 'up' : 'down';
  return (
    <div className="counted" data-testid="counted">
      <p className="counted-title">
        {answer.duplicate ? 'Counted already' : 'Counted'}: {number(answer.score)} for{' '}
        <button
          type="button"
          className="player-name"
          onClick={() => {
            lookUp(answer.user_id);
          }}
        >
          player #{answer.user_id}
        </button>
      </p>
      <dl className="figures">
        <div>
          <dt>New total</dt>
          <dd>{number(answer.total_score)}</dd>
        </div>
        {answer.rank != null && (
          <div>
            <dt>New rank</dt>
            <dd>
              {number(answer.rank)}
              <span className={`movement ${direction}`}>{movement(answer)}</span>
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
