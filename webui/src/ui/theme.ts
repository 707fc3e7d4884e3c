/** Light or dark: the system's, unless the visitor chose one. The choice is kept in this browser. */

import { createStore } from '../lib/store';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'theme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

export const theme = createStore(readStorage());

function readStorage(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEMES.find((known) => known === stored) ?? 'system';
  } catch {
    return 'system'; // storage is disabled
  }
}

function apply(): void {
  const dark = theme.get() === 'dark' || (theme.get() === 'system' && systemIsDark.matches);
  document.documentElement.dataset.bsTheme = dark ? 'dark' : 'light';
  // For Swagger UI's style sheet.
  document.documentElement.classList.toggle('dark-mode', dark);
}

/** Applies the theme now and whenever it changes, here, in another tab or in the system. */
export function startTheme(): void {
  theme.subscribe(apply);
  systemIsDark.addEventListener('change', apply);
  window.addEventListener('storage', () => {
    theme.set(readStorage());
  });
  apply();
}

export function chooseTheme(chosen: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, chosen);
  } catch {
    // Storage is disabled: the choice lasts until the page is closed.
  }
  theme.set(chosen);
}
