// Builds the owner's page into apps/web/dist, unless what is there was made of the very same sources.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = fileURLToPath(new URL('../', import.meta.url));
const web = join(root, 'apps/web');
const dist = join(web, 'dist');
const stamp = join(dist, '.made-of');

/** All that the page is made of: its own files, the packages it uses, and the versions of what is not ours. */
const inputs = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/build',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'apps/web/package.json',
  'packages/client/src',
  'packages/contract/src',
  'package-lock.json',
  'scripts/build-page.mjs',
];

const isTest = (path) => /\.test\.tsx?$/.test(path);

function filesIn(path) {
  const entry = join(root, path);
  if (/\.\w+$/.test(path)) return [entry];
  return readdirSync(entry, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((file) => !isTest(file))
    .sort();
}

function digestOfInputs() {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesIn)) {
    hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Compressed once, here: the gateway sends the small file as it is. */
async function compress() {
  const files = readdirSync(dist, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && /\.(js|css|html|svg)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name));
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file);
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content, brotli));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

/** @returns whether there was anything to do */
export async function buildPage() {
  const digest = digestOfInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return false;
  // Tests build it too, and have another environment: what they test is what is served.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    const { build } = await import('vite');
    await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  await compress();
  // Last: a build that was cut off is made again.
  writeFileSync(stamp, digest);
  return true;
}
