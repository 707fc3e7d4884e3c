/** The addresses of the flags, by country. Apart from the page, which loads it when a player has a country. */

const files = import.meta.glob<string>('/node_modules/country-flag-icons/3x2/??.svg', {
  query: '?url',
  import: 'default',
  eager: true,
});

const flags = new Map(Object.entries(files).map(([path, url]) => [path.slice(-6, -4), url]));

export function flagOf(country: string): string | undefined {
  return flags.get(country);
}
