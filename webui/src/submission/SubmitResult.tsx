import type { SubmitAnswer } from '../api/submit';
import { number, plural } from '../lib/format';
import { Figure } from '../ui/Figure';
import { PlayerButton } from '../ui/PlayerButton';

/** How many ranks the player gained; null for a new player, or where the rank is not known. */
function placesGained({ rank, previous_rank: before }: SubmitAnswer): number | null {
  return rank == null || before == null ? null : before - rank;
}

function describeMovement(answer: SubmitAnswer): string {
  const places = placesGained(answer);
  if (places === null) return 'new on the board';
  if (places === 0) return 'same rank as before';
  return `${places > 0 ? 'up' : 'down'} ${plural(Math.abs(places), 'place')}`;
}

/** Says that a known player keeps their name; empty if no other name was sent. */
function describeName({ username }: SubmitAnswer, sentName: string | null | undefined): string {
  if (!username || !sentName || sentName.normalize('NFC') === username) return '';
  return `Known as ${username}; the name was not changed.`;
}

/** The result in a sentence or two, for screen readers. */
export function describeResult(answer: SubmitAnswer, sentName: string | null | undefined): string {
  const outcome = answer.duplicate ? 'This score was already counted.' : 'The score is counted.';
  const rank = answer.rank == null ? '' : `, rank ${number(answer.rank)}, ${describeMovement(answer)}`;
  const total = `Player ${answer.user_id}: total ${number(answer.total_score)}${rank}.`;
  return `${outcome} ${total} ${describeName(answer, sentName)}`.trim();
}

interface Props {
  answer: SubmitAnswer;
  /** The name in the submission. */
  sentName: string | null | undefined;
}

/** What a submission changed: the total, the rank, the ranks gained. */
export function SubmitResult({ answer, sentName }: Props) {
  const name = describeName(answer, sentName);
  const places = placesGained(answer) ?? 0;
  return (
    <div className="counted" data-testid="counted">
      <p className="counted-title">
        {answer.duplicate ? 'Already counted' : 'Counted'}: {number(answer.score)} for{' '}
        <PlayerButton userId={answer.user_id}>
          {answer.username ? <bdi>{answer.username}</bdi> : 'player'} #{answer.user_id}
        </PlayerButton>
      </p>
      {name && <p>{name}</p>}
      <dl className="figures">
        <Figure label="New total">{number(answer.total_score)}</Figure>
        {answer.rank != null && (
          <Figure label="New rank">
            {number(answer.rank)}
            <span className={`movement ${places > 0 ? 'up' : places < 0 ? 'down' : ''}`}>
              {describeMovement(answer)}
            </span>
          </Figure>
        )}
      </dl>
    </div>
  );
}
