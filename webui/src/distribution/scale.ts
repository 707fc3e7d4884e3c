/** Round numbers for the axes of the chart. */

/** Round numbers from `low` to `high`, at most about `count` of them: multiples of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count: number): number[] {
  if (high <= low) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((each) => each * power >= raw) ?? 10;
  // Totals and players are whole numbers.
  const step = Math.max(1, factor * power);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, n) => first + n * step);
}

/** How much higher the highest bar may be than the usual one. */
const DWARFS = 10;

/** Whether one bar dwarfs the rest, so that a square-root scale shows more. */
export function isDwarfed(players: readonly number[]): boolean {
  const filled = players.filter((count) => count > 0).sort((one, other) => one - other);
  const usual = filled[Math.floor((filled.length - 1) / 2)] ?? 0;
  return (filled.at(-1) ?? 0) > DWARFS * usual;
}

/** Ticks of a square-root scale: round, and about evenly apart. */
export function rootTicks(high: number, count: number): number[] {
  const ticks = Array.from({ length: count }, (_, n) => {
    const value = high * ((n + 1) / count) ** 2;
    const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
    return Math.max(1, Math.round(value / power) * power);
  });
  return [...new Set([0, ...ticks])];
}
