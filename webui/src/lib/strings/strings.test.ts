import { afterEach, describe, expect, it, vi } from 'vitest';
import { number } from '../format';
import { chooseLanguage, startLanguage, strings } from '.';
import { de } from './de';
import { en } from './en';
import { preferredLanguage } from './language';

afterEach(async () => {
  localStorage.clear();
  vi.restoreAllMocks();
  await chooseLanguage('en');
  localStorage.clear();
});

/** Every text by its path. Those with numbers or names are called with numbers. */
function textsOf(part: unknown, path = ''): [string, string][] {
  if (typeof part === 'string') return [[path, part]];
  if (typeof part === 'function') return [[path, (part as (...numbers: number[]) => string)(2, 3, 4, 5)]];
  return Object.entries(part as object).flatMap(([name, value]) => textsOf(value, `${path}.${name}`));
}

describe('the German texts', () => {
  const english = new Map(textsOf({ ...en, errors: { ...en.errors, byCode: {} } }));
  const german = textsOf({ ...de, errors: { ...de.errors, byCode: {} } });

  it('are as many as the English ones', () => {
    expect(german.map(([path]) => path)).toEqual([...english.keys()]);
  });

  it.each(german)('%s: %s', (path, text) => {
    expect(text.trim()).not.toBe('');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(text.split('{}')).toHaveLength(english.get(path)?.split('{}').length ?? 0);
  });
});

describe('the language', () => {
  it('is changed with the numbers', async () => {
    expect(number(1_234.5)).toBe('1,234.5');
    await chooseLanguage('de');
    expect(strings().standings.rank).toBe('Rang');
    expect(number(1_234.5)).toBe('1.234,5');
    expect(document.documentElement.lang).toBe('de');
    expect(localStorage.getItem('language')).toBe('de');
  });

  it('of two choices, the later one counts', async () => {
    await Promise.all([chooseLanguage('de'), chooseLanguage('en')]);
    expect(strings()).toBe(en);
    expect(localStorage.getItem('language')).toBe('en');
  });

  it('is that of the address, of the last visit, or of the browser', async () => {
    expect(preferredLanguage()).toBe('en');
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-FR', 'de-AT', 'en']);
    expect(preferredLanguage()).toBe('de');
    localStorage.setItem('language', 'en');
    expect(preferredLanguage()).toBe('en');
    window.history.replaceState(null, '', '/?lang=de-CH');
    expect(preferredLanguage()).toBe('de');
    window.history.replaceState(null, '', '/?lang=constructor');
    expect(preferredLanguage()).toBe('en');
    window.history.replaceState(null, '', '/?lang=de');
    await startLanguage();
    expect(strings()).toBe(de);
    // The address is not a choice to keep.
    expect(localStorage.getItem('language')).toBe('en');
  });

  it('works without storage', async () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect(preferredLanguage()).toBe('en');
    await chooseLanguage('de');
    expect(strings()).toBe(de);
  });
});
