// Runs one TypeScript file of this repository: node scripts/run.mjs path/to/file.ts [arguments]
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

const [source, ...rest] = process.argv.slice(2);
if (source === undefined) {
  console.error('usage: node scripts/run.mjs FILE.ts [arguments]');
  process.exit(2);
}
// Inside the tree, so that what stays outside the bundle is found in node_modules.
const directory = await mkdtemp(join(import.meta.dirname, '..', 'node_modules', '.run-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const name = basename(source, '.ts');
await bundle({ [name]: resolve(source) }, directory);
process.argv.splice(1, process.argv.length, resolve(source), ...rest);
await import(pathToFileURL(join(directory, `${name}.js`)).href);
