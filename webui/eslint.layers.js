// The ESLint rule for imports within src: they go down the layers, and never in a circle.

import { dirname, join, relative, resolve, sep } from 'node:path';

const SRC = join(import.meta.dirname, 'src');
/** From top to bottom. A folder that is not listed is a feature; features do not import each other. */
const LAYERS = ['main', 'app', 'features', 'ui', 'api', 'lib'];

function layerOf(folder) {
  return LAYERS.indexOf(LAYERS.includes(folder) ? folder : 'features');
}

/** The imports seen so far, by module: a path below src without the file's ending. */
const imports = new Map();

function reaches(from, to) {
  return from === to || (imports.get(from) ?? []).some((next) => reaches(next, to));
}

/** Why `from` may not import `to`; undefined if it may. */
function problemOf(from, to, isTest) {
  const [folder, target] = [from, to].map((module) => module.split(sep)[0]);
  if (target === 'test' && folder !== 'test' && !isTest) return 'Only tests may import src/test.';
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
