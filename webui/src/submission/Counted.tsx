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

/** What became of a name that was sent for a player who has another one; empty where there is nothing to tell. */
function nameKept({ username }: SubmitAnswer, sent: string | null | undefined): string {
  if (!username || !sent || sent.normalize('NFC') === username) return '';
  return `Known as ${username}; the name was not changed.`;
}

/** The answer in a sentence or two, for the live region. `sent` is the name that was asked for. */
export function describe(answer: SubmitAnswer, sent: string | null | undefined): string {
  const counted = answer.duplicate ? 'This score had been counted already.' : 'The score is counted.';
  const place = answer.rank == null ? '' : `, rank ${number(answer.rank)}, ${movement(answer)}`;
  return `${counted} Player ${answer.user_id}: total ${number(answer.total_score)}${place}. ${nameKept(answer, sent)}`.trim();
}

/** What a submission did: the new total, the new rank, the places moved. */
export function Counted({ answer, sent }: { answer: SubmitAnswer; sent: string | null | undefined }) {
  const kept = nameKept(answer, sent);
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
          {answer.username ? <bdi>{answer.username}</bdi> : 'player'} #{answer.user_id}
        </button>
      </p>
      {kept && <p className="name-kept">{kept}</p>}
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
