/** What is declared of a player, from the service's `attributes`. */

import { locale } from './strings/language';

interface WithAttributes {
  attributes?: unknown;
}

function read({ attributes }: WithAttributes, name: string): string | null {
  const value = (attributes as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The player's country as two capitals (ISO 3166-1); null if it is not declared. */
export function countryOf(player: WithAttributes): string | null {
  const country = read(player, 'country');
  return country !== null && /^[A-Z]{2}$/.test(country) ? country : null;
}

/** The address of the player's picture; null if it is not declared, or not of the web. */
export function avatarOf(player: WithAttributes): URL | null {
  const text = read(player, 'avatar');
  if (text === null || !/^https?:/i.test(text)) return null;
  try {
    return new URL(text); // not URL.parse: browsers before 2024 do not have it
  } catch {
    return null;
  }
}

/** The name of a country in the current language; its code if it has no name. */
export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}
