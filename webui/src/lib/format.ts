/** Numbers and times as text, in the current language. */

import { language, locale } from './strings/language';

function formatsOf(name: string) {
  return {
    number: new Intl.NumberFormat(name),
    compact: new Intl.NumberFormat(name, { notation: 'compact', maximumFractionDigits: 1 }),
    clock: new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' }),
    date: new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }),
    dateAndTime: new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }),
  };
}

let formats = formatsOf(language.get());
language.subscribe(() => {
  formats = formatsOf(language.get());
});

export function number(value: number): string {
  return formats.number.format(value);
}

/** A total as its board shows it, such as 1:23.456. */
export function shownTotal({ total_score: total, display }: { total_score: number; display?: string | null }): string {
  return display ?? number(total);
}

export function compact(value: number): string {
  return formats.compact.format(value);
}

export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value).replace('-', '\u2212');
}

/** A number with its noun: `counted(2, 'place', 'places')`. */
export function counted(count: number, one: string, others: string): string {
  return `${number(count)} ${count === 1 ? one : others}`;
}

/** A number with an English noun whose plural ends with s. */
export function plural(count: number, one: string): string {
  return counted(count, one, `${one}s`);
}

export function clock(timestamp: number): string {
  return formats.clock.format(timestamp);
}

/** A day, such as Jan 31, 2026, of a time as the service writes it. */
export function date(time: string): string {
  return formats.date.format(Date.parse(time));
}

export function dateAndTime(time: string): string {
  return formats.dateAndTime.format(Date.parse(time));
}

/** A total as a fraction of the leader's, 0 to 1. Totals can be negative on boards that allow it. */
export function share(total: number, leader: number): number {
  return leader > 0 ? Math.min(1, Math.max(0, total / leader)) : 0;
}
