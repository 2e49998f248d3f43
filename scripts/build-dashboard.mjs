import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../', import.meta.url));
export const dashboardDirectory = join(workspace, 'apps', 'dashboard');
const built = join(dashboardDirectory, '.next');
/** Says what the build is of. */
const stamp = join(built, 'built-from');
/** Held while somebody builds; it holds their process id. */
const lock = join(dashboardDirectory, '.next-building');

/** What the page is made from. */
const sources = [
  'apps/dashboard/src',
  'apps/dashboard/next.config.ts',
  'apps/dashboard/package.json',
  'packages/contract/src',
  'package-lock.json',
];

/**
 * Build the dashboard, unless it is built from what is there now. Whoever else builds it meanwhile is waited for.
 * @param {(line: string) => void} say
 */
export async function buildDashboard(say) {
  const present = await digestOfSources();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === present) return;
  await holdLock();
  try {
    if ((await readFile(stamp, 'utf8').catch(() => '')) === present) return;
    say('building the dashboard, which takes about half a minute …');
    await rm(stamp, { force: true });
    await runBuild();
    await writeFile(stamp, present);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function runBuild() {
  const next = createRequire(`${dashboardDirectory}/package.json`).resolve('next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: dashboardDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the dashboard could not be built:\n${said}`);
}

async function holdLock() {
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    // A moment may pass between the directory and what is in it.
    await sleep(500);
    const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => '0'));
    if (!isAlive(pid)) await rm(lock, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    if (pid > 0) process.kill(pid, 0);
    return pid > 0;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function digestOfSources() {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) {
    for (const file of await filesOf(join(workspace, source))) {
      hash.update(`\n${file.slice(workspace.length)}\n`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** All files below a directory, or that file, in one order. */
async function filesOf(path) {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
