/** Numbers and times as text. */

const NUMBER = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export function number(value: number): string {
  return NUMBER.format(value);
}

/** A total as its board shows it, such as 1:23.456. */
export function shownTotal({ total_score: total, display }: { total_score: number; display?: string | null }): string {
  return display ?? number(total);
}

export function compact(value: number): string {
  return COMPACT.format(value);
}

export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value).replace('-', '\u2212');
}

export function plural(count: number, one: string): string {
  return `${number(count)} ${one}${count === 1 ? '' : 's'}`;
}

export function clock(timestamp: number): string {
  return TIME.format(timestamp);
}

/** Age in words: "just now", "3 s ago", "5 min ago", "2 h ago". */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** A total as a fraction of the leader's, 0 to 1. Totals can be negative on boards that allow it. */
export function share(total: number, leader: number): number {
  return leader > 0 ? Math.min(1, Math.max(0, total / leader)) : 0;
}
