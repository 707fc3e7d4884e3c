/** The time left, as a clock of days, hours, minutes and seconds: "3 d 04:05:06", "04:05:06", "05:06". */
export function countdown(milliseconds: number, days: (days: number) => string): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const clock = [...(d > 0 || h > 0 ? [h] : []), m, s].map((part) => String(part).padStart(2, '0')).join(':');
  return d > 0 ? `${days(d)} ${clock}` : clock;
}
