import { lazy, Suspense } from 'react';
import Placeholder from 'react-bootstrap/Placeholder';
import type { Bucket } from '../api/distribution';
import { useDistribution } from '../api/distribution';
import type { PlayerRank } from '../api/rank';
import { useRank } from '../api/rank';
import { useLastError } from '../api/useLastError';
import { number } from '../lib/format';
import { userIdProblem } from '../lib/input';
import { usePlayerParam } from '../lib/location';
import { Card } from '../ui/Card';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { ErrorMessage } from '../ui/ErrorMessage';
import { DistributionTable } from './DistributionTable';

// The chart library is larger than the rest of the page, so the page does not wait for it.
const DistributionChart = lazy(() => import('./DistributionChart'));

export function DistributionCard() {
  const query = useDistribution();
  const { data } = query;
  const error = useLastError(query);
  if (data?.length === 0) return null;
  return (
    <Card id="distribution-title" title="Score distribution">
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
    <Placeholder as="div" animation="glow" className="chart" aria-hidden="true">
      <Placeholder className="h-100 w-100 rounded" />
    </Placeholder>
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
  // No bucket has a total that was reached after the buckets were counted.
  const marked = player && buckets.find(({ from, to }) => from <= player.total_score && player.total_score <= to);
  return (
    <figure className="distribution">
      <ErrorBoundary what="The chart">
        <Suspense fallback={<Loading />}>
          <DistributionChart buckets={buckets} marked={marked} name={player?.username} />
        </Suspense>
      </ErrorBoundary>
      <figcaption>
        {player && marked ? (
          <span data-testid="place-in-chart">
            <span className="key" aria-hidden="true" /> <bdi>{player.username}</bdi>{' '}
            {marked.players > 1 ? `is among the ${number(marked.players)} players` : 'is the only player'} with{' '}
            {rangeOf(marked)} points.
          </span>
        ) : (
          'Players by total score. Find a player to mark their place.'
        )}
      </figcaption>
      <DistributionTable buckets={buckets} marked={marked} />
    </figure>
  );
}

function rangeOf({ from, to }: Bucket): string {
  return from === to ? number(from) : `${number(from)} to ${number(to)}`;
}
