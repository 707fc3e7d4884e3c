import { useSyncExternalStore } from 'react';
import { useStrings } from '../lib/strings';
import type { Theme } from './theme';
import { chooseTheme, theme, THEMES } from './theme';

const ICONS: Record<Theme, React.ReactNode> = {
  system: <path d="M2 3h12v8H2zM6 13.5h4" />,
  light: (
    <>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1" />
    </>
  ),
  dark: <path d="M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z" />,
};

export function ThemeSwitch() {
  const t = useStrings();
  const current = useSyncExternalStore(theme.subscribe, theme.get);
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">{t.ui.theme}</legend>
      {THEMES.map((choice) => (
        <label key={choice} title={t.ui.themes[choice]}>
          <input
            type="radio"
            name="theme"
            value={choice}
            checked={choice === current}
            onChange={() => {
              chooseTheme(choice);
            }}
          />
          <span className="visually-hidden">{t.ui.themes[choice]}</span>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            {ICONS[choice]}
          </svg>
        </label>
      ))}
    </fieldset>
  );
}
