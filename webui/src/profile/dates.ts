/** Dates as text, in the current language. */

import { language, locale } from '../lib/strings/language';

function formatsOf(tag: string) {
  return {
    short: new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }),
    long: new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }),
    moment: new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }),
  };
}

let formats = formatsOf(locale());
language.subscribe(() => {
  formats = formatsOf(locale());
});

/** 31 Jan */
export function shortDate(at: number): string {
  return formats.short.format(at);
}

/** 31 Jan 2026 */
export function longDate(at: number | string): string {
  return formats.long.format(new Date(at));
}

/** 31 Jan 2026, 12:00 */
export function moment(at: string): string {
  return formats.moment.format(new Date(at));
}
