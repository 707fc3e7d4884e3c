import type { Language } from '../lib/strings';
import { chooseLanguage, LANGUAGES, useLanguage, useStrings } from '../lib/strings';

/** Each language by its own name, so that it is found in any. */
export function LanguageSwitch() {
  const t = useStrings();
  const current = useLanguage();
  return (
    <fieldset className="language-switch">
      <legend className="visually-hidden">{t.ui.language}</legend>
      {(Object.keys(LANGUAGES) as Language[]).map((name) => (
        <button
          key={name}
          type="button"
          lang={name}
          aria-pressed={name === current}
          onClick={() => void chooseLanguage(name)}
        >
          {LANGUAGES[name]}
        </button>
      ))}
    </fieldset>
  );
}
