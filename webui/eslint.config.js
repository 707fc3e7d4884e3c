import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { layers } from './eslint.layers.js';
import { texts } from './eslint.texts.js';

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Most texts of this page contain numbers.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    plugins: { local: { rules: { layers, texts } } },
    languageOptions: { globals: globals.browser },
    rules: { 'local/layers': 'error' },
  },
  {
    files: ['src/**/*.tsx'],
    // The console is in English only.
    ignores: ['src/admin/**', 'src/test/**', '**/*.test.tsx'],
    rules: { 'local/texts': 'error' },
  },
  { files: ['scripts/*.mjs', '*.js'], languageOptions: { globals: globals.node } },
);
