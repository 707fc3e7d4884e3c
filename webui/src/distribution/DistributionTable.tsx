import type { Bucket } from '../api/distribution';
import { number } from '../lib/format';

interface Props {
  buckets: Bucket[];
  marked: Bucket | undefined;
}

/** The numbers of the chart. */
export function DistributionTable({ buckets, marked }: Props) {
  return (
    <details>
      <summary>Show as table</summary>
      <div className="distribution-table" tabIndex={0} role="region" aria-label="Players by ranges of totals">
        <table className="standings">
          <thead>
            <tr>
              <th scope="col">Total</th>
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
  );
}
