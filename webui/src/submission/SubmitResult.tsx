import { useNameOf } from '../api/rank';
import type { SubmitAnswer } from '../api/submit';
import { number } from '../lib/format';
import { strings, useStrings } from '../lib/strings';
import { Figure } from '../ui/Figure';
import { Filled } from '../ui/Filled';
import { PlayerButton } from '../ui/PlayerButton';

/** How many ranks the player gained; null for a new player, or where the rank is not known. */
function placesGained({ rank, previous_rank: before }: SubmitAnswer): number | null {
  return rank == null || before == null ? null : before - rank;
}

function describeMovement(answer: SubmitAnswer): string {
  const { submission } = strings();
  const places = placesGained(answer);
  if (places === null) return submission.newOnBoard;
  if (places === 0) return submission.sameRank;
  return submission.moved(places);
}

/** Says that a known player keeps their name; empty if no other name was sent. */
function describeName({ username }: SubmitAnswer, sentName: string | null | undefined): string {
  if (!username || !sentName || sentName.normalize('NFC') === username) return '';
  return strings().submission.nameKept(username);
}

/** The result in a sentence or two, for screen readers. */
export function describeResult(answer: SubmitAnswer, sentName: string | null | undefined): string {
  const { submission } = strings();
  const outcome = answer.duplicate ? submission.wasCounted : submission.isCounted;
  const rank = answer.rank == null ? '' : submission.outcomeRank(answer.rank, describeMovement(answer));
  const total = submission.outcome(answer.user_id, answer.total_score, rank);
  return `${outcome} ${total} ${describeName(answer, sentName)}`.trim();
}

interface Props {
  answer: SubmitAnswer;
  /** The name in the submission. */
  sentName: string | null | undefined;
}

/** What a submission changed: the total, the rank, the ranks gained. */
export function SubmitResult({ answer, sentName }: Props) {
  const t = useStrings();
  const name = describeName(answer, sentName);
  const places = placesGained(answer) ?? 0;
  const username = useNameOf(answer);
  return (
    <div className="counted" data-testid="counted">
      <p className="counted-title">
        <Filled text={(answer.duplicate ? t.submission.alreadyCounted : t.submission.counted)(answer.score)}>
          <PlayerButton userId={answer.user_id}>
            {username ? <bdi>{username}</bdi> : t.submission.unnamed}{' '}
            <span className="player-id">#{answer.user_id}</span>
          </PlayerButton>
        </Filled>
      </p>
      {name && <p>{name}</p>}
      <dl className="figures">
        <Figure label={t.submission.newTotal}>{number(answer.total_score)}</Figure>
        {answer.rank != null && (
          <Figure label={t.submission.newRank}>
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
