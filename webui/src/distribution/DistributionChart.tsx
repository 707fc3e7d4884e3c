import { Bar, BarChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Bucket } from '../api/distribution';
import { compact, number } from '../lib/format';
import { useStrings } from '../lib/strings';
import { isDwarfed, rootTicks, roundTicks } from './scale';

/** About how many ticks fit. */
const TICKS = 6;

interface Props {
  buckets: Bucket[];
  marked: Bucket | undefined;
  name: string | undefined;
}

/** Hidden from screen readers: the caption and the table below say the same. */
export default function DistributionChart({ buckets, marked, name }: Props) {
  const low = buckets[0]?.from ?? 0;
  const high = buckets.at(-1)?.to ?? 0;
  const most = Math.max(...buckets.map(({ players }) => players));
  const hasRootScale = isDwarfed(buckets.map(({ players }) => players));
  const tick = { fill: 'var(--lb-muted)', fontSize: 12 };
  const bars = buckets.map((bucket) => ({
    ...bucket,
    middle: middleOf(bucket),
    fill: bucket === marked ? 'var(--lb-mark)' : 'var(--lb-bar)',
  }));
  return (
    <div className="chart" aria-hidden="true">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={bars}
          margin={{ top: 20, right: 4, bottom: 0, left: -8 }}
          barCategoryGap={1}
          accessibilityLayer={false}
        >
          <XAxis
            dataKey="middle"
            type="number"
            domain={[low, high]}
            padding={{ left: 2, right: 2 }}
            ticks={roundTicks(low, high, TICKS)}
            interval="preserveStart"
            tickFormatter={compact}
            tick={tick}
            tickLine={false}
            axisLine={false}
            minTickGap={16}
          />
          <YAxis
            scale={hasRootScale ? 'sqrt' : 'linear'}
            domain={[0, most]}
            ticks={hasRootScale ? rootTicks(most, TICKS - 2) : roundTicks(0, most, TICKS - 1)}
            tickFormatter={compact}
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={44}
            allowDecimals={false}
          />
          <Tooltip content={Hint} cursor={{ fill: 'var(--lb-hover)' }} isAnimationActive={false} />
          {marked && (
            <ReferenceLine
              x={middleOf(marked)}
              stroke="var(--lb-mark)"
              strokeDasharray="3 3"
              label={({ viewBox }: { viewBox?: unknown }) => (
                <Name at={viewBox} text={name} share={buckets.indexOf(marked) / buckets.length} />
              )}
            />
          )}
          <Bar
            dataKey="players"
            maxBarSize={56}
            minPointSize={(value) => (value ? 3 : 0)}
            radius={[3, 3, 0, 0]}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

function middleOf({ from, to }: Bucket): number {
  return (from + to) / 2;
}

interface NameProps {
  at: unknown;
  text: string | undefined;
  /** The position of the mark, from 0 at the left to 1 at the right. */
  share: number;
}

/** The player's name above the mark, kept inside of the chart. */
function Name({ at, text = '', share }: NameProps) {
  const { x, y } = at as { x: number; y: number };
  const short = text.length > 20 ? `${text.slice(0, 19)}\u2026` : text;
  return (
    <text
      x={x}
      y={y - 6}
      textAnchor={share < 0.2 ? 'start' : share > 0.8 ? 'end' : 'middle'}
      fill="var(--lb-text)"
      fontSize={12}
    >
      {short}
    </text>
  );
}

interface HintProps {
  active?: boolean;
  payload?: readonly { payload?: Bucket }[];
}

function Hint({ active, payload }: HintProps) {
  const t = useStrings();
  const bucket = payload?.[0]?.payload;
  if (!active || !bucket) return null;
  return (
    <div className="chart-hint">
      <strong>{t.distribution.players(bucket.players)}</strong>
      {number(bucket.from)} &ndash; {number(bucket.to)}
    </div>
  );
}
