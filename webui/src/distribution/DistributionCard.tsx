import { lazy, Suspense } from 'react';
import type { Bucket } from '../api/distribution';
import { useDistribution } from '../api/distribution';
import type { PlayerRank } from '../api/rank';
import { useRank } from '../api/rank';
import { useLastError } from '../api/useLastError';
import { userIdProblem } from '../lib/input';
import { usePlayerParam } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Card } from '../ui/Card';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { ErrorMessage } from '../ui/ErrorMessage';
import { Filled } from '../ui/Filled';
import { DistributionTable } from './DistributionTable';
import { isDwarfed } from './scale';
import '../styles/forms.scss';

// The chart library is larger than the rest of the page, so the page does not wait for it.
const DistributionChart = lazy(() => import('./DistributionChart'));

export function DistributionCard() {
  const t = useStrings();
  const query = useDistribution();
  const { data } = query;
  const error = useLastError(query);
  if (data?.length === 0) return null;
  return (
    <Card id="distribution-title" title={t.distribution.title}>
      <div className="card-body">
        {data ? <Distribution buckets={data} /> : error ? <LoadError error={error} /> : <Loading />}
      </div>
    </Card>
  );
}

function LoadError({ error }: { error: Error }) {
  return (
    <p className="field-problem">
      <ErrorMessage error={error} />
    </p>
  );
}

function Loading() {
  return (
    <div className="chart placeholder-glow" aria-hidden="true">
      <span className="placeholder h-100 w-100 rounded" />
    </div>
  );
}

function Distribution({ buckets }: { buckets: Bucket[] }) {
  const param = usePlayerParam();
  if (param === null || userIdProblem(param) !== undefined) return <Figure buckets={buckets} />;
  return <FigureWithPlayer buckets={buckets} userId={Number(param)} />;
}

function FigureWithPlayer({ buckets, userId }: { buckets: Bucket[]; userId: number }) {
  return <Figure buckets={buckets} player={useRank(userId).data} />;
}

function Figure({ buckets, player }: { buckets: Bucket[]; player?: PlayerRank | undefined }) {
  const t = useStrings();
  // No bucket has a total that was reached after the buckets were counted.
  const marked = player && buckets.find(({ from, to }) => from <= player.total_score && player.total_score <= to);
  return (
    <figure className="distribution">
      <ErrorBoundary what={t.distribution.theChart}>
        <Suspense fallback={<Loading />}>
          <DistributionChart buckets={buckets} marked={marked} name={player?.username} />
        </Suspense>
      </ErrorBoundary>
      <figcaption>
        {player && marked ? (
          <span data-testid="place-in-chart">
            <span className="key" aria-hidden="true" />{' '}
            <Filled text={t.distribution.place(marked.players, t.distribution.range(marked.from, marked.to))}>
              <bdi>{player.username}</bdi>
            </Filled>
          </span>
        ) : (
          t.distribution.caption
        )}{' '}
        {isDwarfed(buckets.map(({ players }) => players)) && t.distribution.rootScale}
      </figcaption>
      <DistributionTable buckets={buckets} marked={marked} />
    </figure>
  );
}
