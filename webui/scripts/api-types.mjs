// Writes src/api/schema.d.ts from the OpenAPI document on standard input. With --check it writes nothing, and fails
// if the file is out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const target = new URL('../src/api/schema.d.ts', import.meta.url);
const document = JSON.parse(await text(process.stdin));
const types = `// Made from /openapi.json by \`make api-types\`. Not to be edited.\n\n${astToString(await openapiTS(document, { defaultNonNullable: false }))}`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, types);
} else if (readFileSync(target, 'utf8') !== types) {
  console.error('webui/src/api/schema.d.ts is out of date: run `make api-types`');
  process.exit(1);
}
