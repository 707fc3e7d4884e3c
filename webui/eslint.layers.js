// The ESLint rule for imports within src: they go down the layers, and never in a circle.

import { dirname, join, relative, resolve, sep } from 'node:path';

const SRC = join(import.meta.dirname, 'src');
/**
 * From top to bottom. A folder that is not listed is a feature: of the page, or of the console if it is below
 * src/admin. Features do not import each other. Only the console imports src/admin, so the page never loads it.
 */
const LAYERS = [
  'entries',
  'app',
  'admin/app',
  'features',
  'admin/features',
  'admin/ui',
  'admin/api',
  'ui',
  'api',
  'admin/lib',
  'lib',
  'styles',
];
const ENTRIES = ['main', 'admin'];

/** The folder of a module: board, admin/players; of an entry: its name. */
function folderOf(module) {
  const [folder, part, ...rest] = module.split(sep);
  return folder === 'admin' && rest.length > 0 ? `admin/${part}` : folder;
}

function layerOf(folder) {
  if (ENTRIES.includes(folder)) return 0;
  return LAYERS.indexOf(LAYERS.includes(folder) ? folder : folder.startsWith('admin/') ? 'admin/features' : 'features');
}

/** The imports seen so far, by module: a path below src without the file's ending. */
const imports = new Map();

function reaches(from, to) {
  return from === to || (imports.get(from) ?? []).some((next) => reaches(next, to));
}

/** Why `from` may not import `to`; undefined if it may. */
function problemOf(from, to, isTest) {
  const [folder, target] = [from, to].map(folderOf);
  if (target === 'test' && folder !== 'test' && !isTest) return 'Only tests may import src/test.';
  if (target.startsWith('admin') && !folder.startsWith('admin')) return 'Only the console may import src/admin.';
  if (target !== 'test' && target !== folder && layerOf(target) <= layerOf(folder))
    return `src/${folder} must not import src/${target}: imports go down, ${LAYERS.join(' > ')}.`;
  if (reaches(to, from)) return `${to} already imports ${from}: this makes a circle.`;
}

export const layers = {
  create(context) {
    const from = relative(SRC, context.filename).replace(/\.tsx?$/, '');
    imports.set(from, []);
    return {
      ':matches(ImportDeclaration, ExportAllDeclaration, ExportNamedDeclaration, ImportExpression, TSImportType)'({
        source,
      }) {
        if (!source?.value.startsWith('.')) return;
        const to = relative(SRC, resolve(dirname(context.filename), source.value));
        const message = problemOf(from, to, context.filename.includes('.test.'));
        if (message) context.report({ node: source, message });
        else imports.get(from).push(to);
      },
    };
  },
};
