/** What the address asks the widget to show: /embed?board=&season=&split=&top=10&theme=light|dark&lang= */

const DEFAULT_ROWS = 10;
const MAX_ROWS = 100;

export interface Options {
  /** The board, its season and its split, as the service's calls take them. */
  query: URLSearchParams;
  rows: number;
  theme: 'light' | 'dark' | null;
}

export function optionsOf(search: string): Options {
  const given = new URLSearchParams(search);
  const query = new URLSearchParams();
  for (const name of ['board', 'season', 'split']) {
    const value = given.get(name);
    if (value) query.set(name, value);
  }
  const rows = Number(given.get('top') ?? DEFAULT_ROWS);
  const theme = given.get('theme');
  return {
    query,
    rows: Number.isInteger(rows) ? Math.min(Math.max(rows, 1), MAX_ROWS) : DEFAULT_ROWS,
    theme: theme === 'light' || theme === 'dark' ? theme : null,
  };
}

/** The path of a call, or of the page, for what the widget shows. */
export function pathOf(path: string, { query }: Options, more: Readonly<Record<string, number>> = {}): string {
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) all.set(name, String(value));
  const text = all.toString();
  return text === '' ? path : `${path}?${text}`;
}
