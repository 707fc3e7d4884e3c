/** Light or dark: the system's, unless the player chose one. The choice is kept in this browser. */

import { useSyncExternalStore } from 'react';

export const CHOICES = ['system', 'light', 'dark'] as const;
export type Choice = (typeof CHOICES)[number];

const STORED = 'theme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: Choice = read();

function read(): Choice {
  try {
    const stored = localStorage.getItem(STORED);
    return CHOICES.find((known) => known === stored) ?? 'system';
  } catch {
    return 'system'; // a browser that keeps nothing
  }
}

function apply(): void {
  const dark = choice === 'dark' || (choice === 'system' && systemIsDark.matches);
  document.documentElement.dataset.bsTheme = dark ? 'dark' : 'light';
  // What Swagger UI's own style sheet goes by.
  document.documentElement.classList.toggle('dark-mode', dark);
  for (const listener of listeners) listener();
}

/** Puts the theme on the document and keeps it right from then on. */
export function startTheme(): void {
  systemIsDark.addEventListener('change', apply);
  window.addEventListener('storage', () => {
    choice = read();
    apply();
  });
  apply();
}

export function choose(chosen: Choice): void {
  choice = chosen;
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // It holds until the page is left.
  }
  apply();
}

export function useThemeChoice(): Choice {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => choice,
  );
}
