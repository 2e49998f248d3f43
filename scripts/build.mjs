// Bundles the gateway's programs into packages/gateway/dist, which takes a fraction of a second, and builds the
// owner's page when its sources have changed: so `npm start` can do it every time and never run something stale.
import { chmod, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';
import { bundle } from './bundle.mjs';

const gateway = fileURLToPath(new URL('../packages/gateway/', import.meta.url));
const entry = (name) => `${gateway}src/${name}.ts`;

const target = `${gateway}dist`;
const fresh = await mkdtemp(`${gateway}.dist-`);
await chmod(fresh, 0o755);

/** The files below a directory, by their paths in it; none where it is not there. */
async function filesIn(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const paths = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(directory.length), await readFile(path)]),
    ),
  );
}

async function areSame(one, other) {
  const [left, right] = await Promise.all([filesIn(one), filesIn(other)]);
  if (left.size !== right.size) return false;
  return [...left].every(([path, content]) => right.get(path)?.equals(content) === true);
}

// Each of these is started by itself, and holds what it needs in few files: what programs share, they would have to
// load in dozens of pieces, a tenth of the time that a start takes.
const programs = [
  { main: entry('main') },
  { cli: entry('cli/main'), demo: entry('demo/main') },
  {
    'search-worker': entry('search/engine/search-worker'),
    'backup-worker': entry('backup/backup-worker'),
    'metrics-worker': entry('metrics/thread/metrics-worker'),
  },
];
for (const together of programs) await bundle(together, fresh);

// What did not change stays where it is: programs that run load parts of it when they first need them.
if (await areSame(fresh, target)) await rm(fresh, { recursive: true });
else {
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
}

// The gateway does without its page, and says so at `/`.
await buildPage().catch((error) => {
  console.error('The page was not built:', error);
  process.exitCode = 1;
});
