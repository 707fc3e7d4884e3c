/** What the chart of a history shows: the points of a period, and round ticks for both axes. */

import type { HistoryPoint } from '../api/history';

export const PERIODS = { month: 30, quarter: 90, year: 366 } as const;
export type Period = keyof typeof PERIODS;

const DAY_MS = 86_400_000;
const MAX_TICKS = 6;
/** From this ratio of the ranks on, the axis is logarithmic: near the top a place means more. */
const LOG_FROM = 20;

export interface Point extends HistoryPoint {
  time: number;
}

export function pointsOf(history: readonly HistoryPoint[], period: Period): Point[] {
  const points = history.map((point) => ({ ...point, time: Date.parse(point.at) }));
  const last = points.at(-1);
  return last ? points.filter(({ time }) => time >= last.time - PERIODS[period] * DAY_MS) : [];
}

/** The periods that show something else than a shorter one. */
export function periodsOf(history: readonly HistoryPoint[]): Period[] {
  const counts = (Object.keys(PERIODS) as Period[]).map(
    (period) => [period, pointsOf(history, period).length] as const,
  );
  return counts
    .filter(([, count], index) => index === 0 || count > (counts[index - 1]?.[1] ?? 0))
    .map(([name]) => name);
}

export function bestOf(points: readonly Point[]): Point | undefined {
  return points.reduce<Point | undefined>((best, point) => (best && best.rank <= point.rank ? best : point), undefined);
}

/** The range of the ranks and ticks within it, the best rank first. */
export function rankAxis(points: readonly Point[]): { domain: [number, number]; ticks: number[]; isLog: boolean } {
  const ranks = points.map(({ rank }) => rank);
  const best = Math.min(...ranks);
  const worst = Math.max(...ranks);
  if (worst >= best * LOG_FROM) {
    const ticks = series(best, worst);
    return { domain: [best, worst], ticks: thinned(ticks), isLog: true };
  }
  const step = Math.max(1, roundStep((worst - best) / (MAX_TICKS - 2)));
  const low = Math.max(1, Math.floor(best / step) * step);
  const high = Math.max(low + 1, Math.ceil(worst / step) * step);
  const ticks = [low];
  for (let tick = (Math.floor(low / step) + 1) * step; tick <= high; tick += step) ticks.push(tick);
  return { domain: [low, high], ticks, isLog: false };
}

/** 1, 2, 5, 10, 20, ... as far as they are between the two. */
function series(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = 1; power <= high; power *= 10)
    for (const digit of [1, 2, 5]) if (digit * power >= low && digit * power <= high) found.push(digit * power);
  return found;
}

function thinned(ticks: readonly number[]): number[] {
  const every = Math.ceil(ticks.length / MAX_TICKS);
  return ticks.filter((_, index) => index % every === 0);
}

/** The smallest of 1, 2, 5, 10, 20, ... that is not below a step. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(step, 1)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= step) ?? step;
}

/** Midnights, evenly spaced and counted back from the last. */
export function dayTicks(points: readonly Point[]): number[] {
  const [first, last] = [points[0]?.time ?? 0, points.at(-1)?.time ?? 0];
  const days = (last - first) / DAY_MS;
  const step = [1, 2, 7, 14, 30, 61, 92].find((each) => days / each <= MAX_TICKS - 1) ?? 92;
  const tick = new Date(last);
  tick.setHours(0, 0, 0, 0);
  const ticks: number[] = [];
  for (; tick.getTime() >= first; tick.setDate(tick.getDate() - step)) ticks.unshift(tick.getTime());
  return ticks;
}
