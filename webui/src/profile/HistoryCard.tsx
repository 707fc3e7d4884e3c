import { lazy, Suspense, useState } from 'react';
import Placeholder from 'react-bootstrap/Placeholder';
import type { HistoryPoint } from '../api/history';
import { useHistory } from '../api/history';
import { useLastError } from '../api/useLastError';
import { number, shownTotal } from '../lib/format';
import { useProfileStrings } from '../lib/strings/profile';
import { Card } from '../ui/Card';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import { ErrorMessage } from '../ui/ErrorMessage';
import { longDate } from './dates';
import type { Period, Point } from './history';
import { bestOf, periodsOf, pointsOf } from './history';

// Loaded later: the chart is larger than the rest of the page.
const HistoryChart = lazy(() => import('./HistoryChart'));

const DAY_MS = 86_400_000;

interface Props {
  player: string;
  board: string;
  season: string | null;
  /** The board as people call it. */
  boardTitle: string;
}

/** The player's rank over time on one board. */
export function HistoryCard({ player, board, season, boardTitle }: Props) {
  const t = useProfileStrings();
  const query = useHistory(player, board, season);
  const { data } = query;
  const error = useLastError(query);
  const [chosen, setPeriod] = useState<Period>('month');
  const periods = data ? periodsOf(data) : [];
  const period = periods.includes(chosen) ? chosen : 'month';
  return (
    <Card
      id="history-title"
      title={t.history}
      isBusy={!data && !error}
      actions={
        periods.length > 1 ? (
          <Periods periods={periods} current={period} onChoose={setPeriod} />
        ) : (
          <span className="card-board">{boardTitle}</span>
        )
      }
    >
      <div className="card-body">
        {data ? (
          <History history={data} period={period} />
        ) : error ? (
          <p className="field-problem">
            <ErrorMessage error={error}>{t.retries}</ErrorMessage>
          </p>
        ) : (
          <Loading />
        )}
      </div>
    </Card>
  );
}

interface PeriodsProps {
  periods: readonly Period[];
  current: Period;
  onChoose: (period: Period) => void;
}

function Periods({ periods, current, onChoose }: PeriodsProps) {
  const t = useProfileStrings();
  return (
    <div className="periods" role="group" aria-label={t.period}>
      {periods.map((period) => (
        <button
          key={period}
          type="button"
          aria-pressed={period === current}
          onClick={() => {
            onChoose(period);
          }}
        >
          {t.periods[period]}
        </button>
      ))}
    </div>
  );
}

function Loading() {
  return (
    <Placeholder as="div" animation="glow" className="history-chart" aria-hidden="true">
      <Placeholder className="h-100 w-100 rounded" />
    </Placeholder>
  );
}

function History({ history, period }: { history: readonly HistoryPoint[]; period: Period }) {
  const t = useProfileStrings();
  const points = pointsOf(history, period);
  const [first, last, best] = [points[0], points.at(-1), bestOf(points)];
  if (!first || !last || !best || points.length < 2) return <p className="mb-0 quiet">{t.noHistory}</p>;
  const days = Math.max(1, Math.round((last.time - first.time) / DAY_MS));
  return (
    <figure className="distribution">
      <ErrorBoundary what={t.theChart}>
        <Suspense fallback={<Loading />}>
          <HistoryChart points={points} />
        </Suspense>
      </ErrorBoundary>
      <figcaption>
        {t.historySummary(first.rank, last.rank, days)}{' '}
        {best.rank < Math.min(first.rank, last.rank) && t.bestRank(best.rank, longDate(best.time))}
      </figcaption>
      <Table points={points} />
    </figure>
  );
}

/** The numbers of the chart, newest first. */
function Table({ points }: { points: readonly Point[] }) {
  const t = useProfileStrings();
  return (
    <details>
      <summary>{t.asTable}</summary>
      <div className="distribution-table" tabIndex={0} role="region" aria-label={t.table}>
        <table className="standings">
          <thead>
            <tr>
              <th scope="col">{t.date}</th>
              <th scope="col" className="total">
                {t.rank}
              </th>
              <th scope="col" className="total">
                {t.total}
              </th>
            </tr>
          </thead>
          <tbody>
            {[...points].reverse().map((point) => (
              <tr key={point.at}>
                <th scope="row">{longDate(point.time)}</th>
                <td className="total">
                  {number(point.rank)} <small>{t.ofPlayers(point.players)}</small>
                </td>
                <td className="total">{shownTotal(point)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
