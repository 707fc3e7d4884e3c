/** Numbers and times as people read them. */

const NUMBER = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export function number(value: number): string {
  return NUMBER.format(value);
}

export function compact(value: number): string {
  return COMPACT.format(value);
}

export function signed(value: number): string {
  return value > 0 ? `+${NUMBER.format(value)}` : NUMBER.format(value).replace('-', '\u2212');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

export function clock(timestamp: number): string {
  return TIME.format(timestamp);
}

/** How long ago something was: "just now", "3 s ago", "5 min ago", "2 h ago". */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** A total as a share of the leader's, from 0 to 1. Totals may be negative where a board allows it. */
export function share(total: number, leader: number): number {
  return leader > 0 ? Math.min(1, Math.max(0, total / leader)) : 0;
}
