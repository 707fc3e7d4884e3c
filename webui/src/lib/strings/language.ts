/** The languages of the page, and the current one. The texts are in the other files of this folder. */

import { createStore } from '../store';

/** Each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const STORAGE_KEY = 'language';

export const language = createStore<Language>('en');

function supported(tag: string | null): Language | undefined {
  const base = tag?.toLowerCase().split('-')[0];
  return base !== undefined && Object.hasOwn(LANGUAGES, base) ? (base as Language) : undefined;
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null; // storage is disabled
  }
}

/** `lang=` in the address, otherwise the stored choice, otherwise the browser's first language that is supported. */
export function preferredLanguage(): Language {
  const address = new URLSearchParams(window.location.search).get('lang');
  const tags = [address, readStorage(), ...navigator.languages];
  return tags.map(supported).find((found) => found !== undefined) ?? 'en';
}

export function storeLanguage(chosen: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, chosen);
  } catch {
    // Storage is disabled: the choice lasts until the page is closed.
  }
}

/** The visitor's own form of the current language, such as en-GB: for dates and times. */
export function locale(): string {
  return navigator.languages.find((tag) => supported(tag) === language.get()) ?? language.get();
}
