import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { compact, shownTotal } from '../lib/format';
import { useProfileStrings } from '../lib/strings/profile';
import { longDate, shortDate } from './dates';
import type { Point } from './history';
import { dayTicks, rankAxis } from './history';

/** As many points are marked; more would hide the line. */
const MAX_DOTS = 45;

/** The best rank is at the top. Hidden from screen readers: the caption and the table say the same. */
export default function HistoryChart({ points }: { points: readonly Point[] }) {
  const tick = { fill: 'var(--lb-muted)', fontSize: 12 };
  const { domain, ticks, isLog } = rankAxis(points);
  const dot = { r: 2.5, strokeWidth: 0, fill: 'var(--lb-accent)' };
  return (
    <div className="history-chart" aria-hidden="true">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={[...points]} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid syncWithTicks vertical={false} stroke="var(--lb-line)" />
          <XAxis
            dataKey="time"
            type="number"
            scale="time"
            domain={['dataMin', 'dataMax']}
            ticks={dayTicks(points)}
            tickFormatter={shortDate}
            tick={tick}
            tickLine={false}
            axisLine={false}
            tickMargin={8}
            minTickGap={16}
          />
          <YAxis
            reversed
            type="number"
            scale={isLog ? 'log' : 'linear'}
            domain={domain}
            ticks={ticks}
            tickFormatter={compact}
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={44}
            padding={{ top: 10, bottom: 10 }}
            interval={0}
          />
          <Tooltip content={Hint} cursor={{ stroke: 'var(--lb-muted)' }} isAnimationActive={false} />
          <Line
            type="monotone"
            dataKey="rank"
            stroke="var(--lb-accent)"
            strokeWidth={2.5}
            strokeLinecap="round"
            dot={points.length <= MAX_DOTS && dot}
            activeDot={{ r: 5, fill: 'var(--lb-mark)', stroke: 'var(--lb-card)', strokeWidth: 2 }}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

interface HintProps {
  active?: boolean;
  payload?: readonly { payload?: Point }[];
}

function Hint({ active, payload }: HintProps) {
  const t = useProfileStrings();
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="chart-hint">
      <strong>{t.rankOf(point.rank, point.players)}</strong>
      {t.totalOf(shownTotal(point))}
      <br />
      {longDate(point.time)}
    </div>
  );
}
