/** Times as text and as people type them, both in the time zone of the browser. */

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time of the service, such as 2026-01-31T12:00:00Z, as "31 Jan 2026, 13:00:00". */
export function moment(time: string): string {
  return MOMENT.format(new Date(time));
}

/** The value of a field for date and time, 2026-01-31T13:00, as the service takes it; undefined for an empty one. */
export function toInstant(typed: string): string | undefined {
  if (typed === '') return undefined;
  const time = new Date(typed);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A time of the service as the value of a field for date and time. */
export function fromInstant(time: string | null | undefined): string {
  if (!time) return '';
  const local = new Date(time);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, local.getUTCSeconds() === 0 ? 16 : 19);
}
