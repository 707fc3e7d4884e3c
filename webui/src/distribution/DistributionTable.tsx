import type { Bucket } from '../api/distribution';
import { number } from '../lib/format';
import { useStrings } from '../lib/strings';

interface Props {
  buckets: Bucket[];
  marked: Bucket | undefined;
}

/** The numbers of the chart. */
export function DistributionTable({ buckets, marked }: Props) {
  const t = useStrings();
  return (
    <details>
      <summary>{t.distribution.asTable}</summary>
      <div className="distribution-table" tabIndex={0} role="region" aria-label={t.distribution.table}>
        <table className="standings">
          <thead>
            <tr>
              <th scope="col">{t.standings.total}</th>
              <th scope="col" className="total">
                {t.standings.players}
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
