// Packs the gateway as it is installed from npm: node scripts/pack.mjs [DIRECTORY]
// The workspace's own packages are in the bundle; what stays outside of it is named with its version.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import './build.mjs';
import { outside } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const gateway = join(root, 'packages', 'gateway');
const target = resolve(process.argv[2] ?? join(root, 'build'));
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The ranges that the workspace's packages ask for. */
const ranges = Object.assign(
  {},
  ...readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'package.json'))
    .filter((path) => existsSync(path))
    .map((path) => readJson(path).dependencies ?? {}),
);

function manifest() {
  const { name, version, description, license, type, engines, bin } = readJson(
    join(gateway, 'package.json'),
  );
  const dependencies = Object.fromEntries(
    outside.toSorted().map((each) => {
      if (ranges[each] === undefined) throw new Error(`no package of the workspace names ${each}`);
      return [each, ranges[each]];
    }),
  );
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin,
    files: ['bin', 'dist', 'CHANGELOG.md'],
    dependencies,
  };
}

const staging = mkdtempSync(join(tmpdir(), 'mini-claude-bot-pack-'));
try {
  cpSync(join(gateway, 'bin'), join(staging, 'bin'), { recursive: true });
  // Maps are for those who have the sources.
  cpSync(join(gateway, 'dist'), join(staging, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  const page = join(root, 'apps', 'web', 'dist');
  if (existsSync(page)) cpSync(page, join(staging, 'dist', 'web'), { recursive: true });
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md'])
    cpSync(join(root, name), join(staging, name));
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  mkdirSync(target, { recursive: true });
  const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', target];
  const [packed] = JSON.parse(execFileSync('npm', words, { cwd: staging, encoding: 'utf8' }));
  console.log(join(target, packed.filename));
} finally {
  rmSync(staging, { recursive: true, force: true });
}
