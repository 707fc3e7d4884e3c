import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { layers } from './eslint.layers.js';

const linter = new Linter({ cwd: import.meta.dirname });

/** What the rule says about a file with this code. */
function lint(file, code) {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { local: { rules: { layers } } },
    rules: { 'local/layers': 'error' },
  };
  return linter
    .verify(code, config, `${import.meta.dirname}/src/${file}.ts`)
    .map(({ message }) => message.split(':')[0]);
}

describe('the import rule', () => {
  it.each([
    ['lib/x', "import '../api/client';", 'src/lib must not import src/api'],
    ['api/x', "import type { Theme } from '../ui/theme';", 'src/api must not import src/ui'],
    ['ui/x', "export * from '../player/PlayerCard';", 'src/ui must not import src/player'],
    ['ui/x', "export { App } from './../app/App';", 'src/ui must not import src/app'],
    ['board/x', "const x = () => import('../player/PlayerCard');", 'src/board must not import src/player'],
    ['board/x', "type X = import('../app/App').X;", 'src/board must not import src/app'],
    ['new/x', "import '../board/Medal';", 'src/new must not import src/board'],
    ['app/x', "import '../main';", 'src/app must not import src/main'],
    ['board/x', "import '../test/server';", 'Only tests may import src/test.'],
    ['app/x', "import '../admin/app/AdminApp';", 'Only the console may import src/admin.'],
    ['ui/x', "import '../admin/ui/Table';", 'Only the console may import src/admin.'],
    ['main', "import './admin/app/AdminApp';", 'Only the console may import src/admin.'],
    ['admin/app/x', "import '../../app/App';", 'src/admin/app must not import src/app'],
    ['admin/players/x', "import '../boards/y';", 'src/admin/players must not import src/admin/boards'],
    ['admin/players/x', "import '../../player/y';", 'src/admin/players must not import src/player'],
    ['admin/ui/x', "import '../players/y';", 'src/admin/ui must not import src/admin/players'],
    ['admin/api/x', "import '../ui/Table';", 'src/admin/api must not import src/admin/ui'],
    ['admin/lib/x', "import '../../api/client';", 'src/admin/lib must not import src/api'],
  ])('refuses in %s: %s', (file, code, message) => {
    expect(lint(file, code)).toEqual([message]);
  });

  it.each([
    ['main', "import './app/App';"],
    ['app/x', "import '../board/BoardCard'; import '../lib/format';"],
    ['board/x', "import '../ui/Card'; import './Medal'; import 'react';"],
    ['board/x.test', "import '../test/server';"],
    ['admin', "import './admin/app/AdminApp'; import './ui/theme';"],
    ['admin/app/x', "import '../players/PlayersPage'; import '../../key/KeyButton';"],
    ['admin/players/x', "import '../ui/Table'; import '../api/players'; import '../../ui/Card'; import './y';"],
    ['admin/api/x', "import '../../api/client'; import '../lib/time';"],
  ])('allows in %s: %s', (file, code) => {
    expect(lint(file, code)).toEqual([]);
  });

  it('refuses a circle', () => {
    expect(lint('circle/a', "import './b';")).toEqual([]);
    expect(lint('circle/b', "import './c';")).toEqual([]);
    expect(lint('circle/c', "import './a';")).toEqual(['circle/a already imports circle/c']);
  });
});
