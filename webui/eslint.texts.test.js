import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { texts } from './eslint.texts.js';

function problems(code) {
  const config = [
    {
      files: ['**/*.tsx'],
      languageOptions: { parser: tseslint.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
      plugins: { local: { rules: { texts } } },
      rules: { 'local/texts': 'error' },
    },
  ];
  return new Linter().verify(code, config, { filename: 'x.tsx' }).length;
}

describe('texts in components', () => {
  it.each([
    '<p>Hello</p>',
    '<p>{n} Spieler</p>',
    "<p>{late ? 'late' : t.ui.onTime}</p>",
    "<p>{late && 'late'}</p>",
    '<p>{`rank ${n}`}</p>',
    '<button title="Close" />',
    "<button aria-label={open ? 'Close' : t.ui.open} />",
    '<ErrorBoundary what="The chart" />',
    "announce('Saved.')",
    'announce(`Rank ${n}.`)',
  ])('finds %s', (code) => {
    expect(problems(code)).toBe(1);
  });

  it.each([
    '<p className="empty">{t.board.empty}</p>',
    "<p>{state === 'late' ? t.ui.late : null}</p>",
    "<p>{format('en', n)}</p>",
    '<p>&hellip; {n}% #{n}</p>',
    "<p>{rows.map((row) => <b className='x' key={`r${row.id}`}>{row.name}</b>)}</p>",
    'announce(t.ui.saved)',
  ])('leaves %s', (code) => {
    expect(problems(code)).toBe(0);
  });
});
