// Prints the gzipped size of the first load of the built pages: the HTML file with its scripts, preloaded modules,
// style sheets and their fonts, but not what is loaded later, such as the chart. Fails if a page exceeds its budget.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The most bytes of each page; null: no limit. The widget is shown on the pages of others. */
const BUDGETS = { 'index.html': 120_000, 'embed.html': 25_000, 'admin.html': null, 'docs.html': null };
const dist = new URL('../dist/', import.meta.url).pathname;

if (!existsSync(join(dist, 'index.html'))) {
  console.error('the page is not built: run `make web`');
  process.exit(1);
}

/** Bytes on the wire. Fonts are already compressed. */
function size(path) {
  const content = readFileSync(join(dist, path));
  return path.endsWith('.woff2') ? content.length : gzipSync(content, { level: 9 }).length;
}

function firstLoad(page) {
  // The large icon is for home screens and for links that are shared: opening the page does not load it.
  const html = readFileSync(join(dist, page), 'utf8').replace(/<link rel="apple-touch-icon"[^>]*>/, '');
  const files = new Set([page]);
  for (const [, path] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) {
    files.add(path);
    if (!path.endsWith('.css')) continue;
    const css = readFileSync(join(dist, path), 'utf8');
    for (const [, font] of css.matchAll(/url\(["']?\/?(assets\/[^"')]+\.woff2)/g)) files.add(font);
  }
  return [...files];
}

for (const page of Object.keys(BUDGETS)) {
  let total = 0;
  for (const path of firstLoad(page)) {
    console.log(`${String(size(path)).padStart(8)}  ${path}`);
    total += size(path);
  }
  console.log(`${String(total).padStart(8)}  first load of ${page}, gzipped\n`);
  const budget = BUDGETS[page];
  if (budget !== null && total > budget) {
    console.error(`the first load of ${page} is ${total} bytes; the budget is ${budget}`);
    process.exitCode = 1;
  }
}
