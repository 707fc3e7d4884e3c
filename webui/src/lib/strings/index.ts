/**
 * Every text of the public page. English is part of the page; another language is loaded when it is used. Components
 * call `useStrings`, and everything else `strings`.
 */

import { useSyncExternalStore } from 'react';
import { createStore } from '../store';
import type { Strings } from './en';
import { en } from './en';
import type { Language } from './language';
import { language, preferredLanguage, storeLanguage } from './language';

export type { Strings } from './en';
export type { Language } from './language';
export { LANGUAGES } from './language';

const store = createStore<Strings>(en);
/** The language asked for last: of two that load, the later one counts. */
let wanted: Language = 'en';

async function load(name: Language): Promise<Strings> {
  return name === 'de' ? (await import('./de')).de : en;
}

/** Changes the language. Stays with the present one if the texts cannot be loaded; returns whether they could. */
async function show(name: Language): Promise<boolean> {
  wanted = name;
  let texts: Strings;
  try {
    texts = await load(name);
  } catch {
    return false;
  }
  if (wanted !== name) return false;
  language.set(name);
  document.documentElement.lang = name;
  store.set(texts);
  return true;
}

/** Shows the preferred language. Await it before the first rendering, so that the page does not change under the eye. */
export async function startLanguage(): Promise<void> {
  await show(preferredLanguage());
}

/** Shows a language from now on, and on the next visit. */
export async function chooseLanguage(name: Language): Promise<void> {
  if (await show(name)) storeLanguage(name);
}

/** The texts in the current language. The component is rendered again when it changes. */
export function useStrings(): Strings {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** The texts in the current language, outside of components. */
export function strings(): Strings {
  return store.get();
}

export function useLanguage(): Language {
  return useSyncExternalStore(language.subscribe, language.get);
}
