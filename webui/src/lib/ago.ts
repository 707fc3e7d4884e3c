import { strings } from './strings';

/** An age in words, such as "5 min ago". */
export function ago(milliseconds: number): string {
  const { time } = strings();
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 1) return time.justNow;
  if (seconds < 60) return time.secondsAgo(seconds);
  if (seconds < 3600) return time.minutesAgo(Math.floor(seconds / 60));
  return time.hoursAgo(Math.floor(seconds / 3600));
}
