import { lazy, Suspense } from 'react';
import Card from 'react-bootstrap/Card';
import Placeholder from 'react-bootstrap/Placeholder';
import type { Bucket } from '../api/distribution';
import { useDistribution } from '../api/distribution';
import type { PlayerRank } from '../api/rank';
import { useRank } from '../api/rank';
import { useFailure } from '../api/useFailure';
import { ErrorBoundary } from '../app/ErrorBoundary';
import { number } from '../app/format';
import { usePlayerInAddress } from '../app/location';
import { Trouble } from '../key/Trouble';
import { userIdFault } from '../submission/validation';

// The chart library is larger than the rest of the page, which does not wait for it.
const DistributionChart = lazy(() => import('./DistributionChart'));

export function DistributionCard() {
  const query = useDistribution();
  const { data } = query;
  const failure = useFailure(query);
  const inAddress = usePlayerInAddress();
  if (data?.length === 0) return null;
  return (
    <Card as="section" aria-labelledby="distribution-title">
      <Card.Header>
        <h2 id="distribution-title">All totals</h2>
      </Card.Header>
      <Card.Body>
        {!data ? (
          failure ? (
            <p className="field-fault">
              <Trouble error={failure} />
            </p>
          ) : (
            <Loading />
          )
        ) : inAddress !== null && userIdFault(inAddress) === undefined ? (
          <OfPlayer buckets={data} userId={Number(inAddress)} />
        ) : (
          <Chart buckets={data} player={undefined} />
        )}
      </Card.Body>
    </Card>
  );
}

function OfPlayer({ buckets, userId }: { buckets: Bucket[]; userId: number }) {
  return <Chart buckets={buckets} player={useRank(userId).data} />;
}

function Loading() {
  return (
    <Placeholder as="div" animation="glow" className="chart" aria-hidden="true">
      <Placeholder className="h-100 w-100 rounded" />
    </Placeholder>
  );
}

function Chart({ buckets, player }: { buckets: Bucket[]; player: PlayerRank | undefined }) {
  const marked = player && bucketOf(buckets, player.total_score);
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
            {marked.players > 1 ? `is among the ${number(marked.players)} players` : 'is the only player'}{' '}
            with {rangeOf(marked)} points.
          </span>
        ) : (
          'Players by total score. Find one to see the place.'
        )}
      </figcaption>
      <details>
        <summary>As a table</summary>
        <div
          className="distribution-table"
          tabIndex={0}
          role="region"
          aria-label="Players by ranges of totals"
        >
          <table className="standings">
            <thead>
              <tr>
                <th scope="col">Totals</th>
                <th scope="col" className="total">
                  Players
                </th>
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.from} className={bucket === marked ? 'looked-up' : ''}>
                  <th scope="row">
                    {number(bucket.from)} &ndash; {number(bucket.to)}
                  </th>
                  <td className="total">{number(bucket.players)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function rangeOf({ from, to }: Bucket): string {
  return from === to ? number(from) : `${number(from)} to ${number(to)}`;
}

/** The range that a total is in. None for one that was reached after the ranges were counted. */
export function bucketOf(buckets: readonly Bucket[], total: number): Bucket | undefined {
  return buckets.find(({ from, to }) => from <= total && total <= to);
}
