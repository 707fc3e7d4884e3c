import { moment } from '../lib/time';

/** A time of the service, in the time zone of the browser; `none` if there is none. */
export function Moment({ at, none = '\u2013' }: { at: string | null | undefined; none?: string }) {
  return at ? <time dateTime={at}>{moment(at)}</time> : <span className="muted">{none}</span>;
}
