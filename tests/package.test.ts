import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchDirectory } from './support/gateway-process.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const native = join('build', 'Release', 'better_sqlite3.node');

let home: string;
let place: string;
const children: ChildProcess[] = [];

// From what `npm ci` has fetched already. SQLite is compiled once: what was is put in its place, as its own install does.
beforeAll(async () => {
  home = scratchDirectory();
  place = join(home, 'empty directory');
  mkdirSync(place);
  const packed = await run(process.execPath, [join(root, 'scripts/pack.mjs'), home], { cwd: root });
  const tarball = packed.stdout.trim().split('\n').at(-1) ?? '';
  const words = [
    'install',
    '--prefer-offline',
    '--ignore-scripts',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
  ];
  await run('npm', [...words, tarball], { cwd: place });
  const sqlite = dirname(
    createRequire(join(root, 'packages/gateway/')).resolve('better-sqlite3/package.json'),
  );
  const target = join(place, 'node_modules', 'better-sqlite3', native);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(sqlite, native), target);
}, 180_000);
afterAll(async () => {
  for (const child of children) {
    const exited = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGTERM')) await exited;
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const env = () => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  PORT: '0',
  DATABASE_PATH: join(home, 'gateway.db'),
  BACKUP_DIR: join(home, 'backups'),
  GATEWAY_SESSION_DIR: join(home, 'sessions'),
  EMBEDDINGS_PROVIDER: 'none',
});
const program = () => join(place, 'node_modules', '.bin', 'mini-claude-bot');
const mcb = (...words: string[]) => run(program(), words, { cwd: place, env: env() });

const Manifest = (path: string) =>
  JSON.parse(readFileSync(path, 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };

test('it asks for packages of the registry alone', () => {
  const { dependencies } = Manifest(join(place, 'node_modules/mini-claude-bot/package.json'));
  expect(Object.keys(dependencies)).toContain('better-sqlite3');
  expect(
    Object.entries(dependencies).filter(([name, range]) =>
      /^@mini-claude-bot|^\*$/.test(name + range),
    ),
  ).toEqual([]);
  expect(existsSync(join(place, 'node_modules/mini-claude-bot/CHANGELOG.md'))).toBe(true);
});

test('its version is the one that it says', async () => {
  const { version } = Manifest(join(root, 'packages/gateway/package.json'));
  expect((await mcb('--version')).stdout.trim()).toBe(version);
});

test('npx mini-claude-bot start serves, with all its threads, and can be backed up', async () => {
  const child = spawn('npx', ['--offline', 'mini-claude-bot', 'start'], {
    cwd: place,
    env: env(),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    let said = '';
    child.stdout.setEncoding('utf8');
    while (!/listens on \S+\n/.test(said)) said += String((await once(child.stdout, 'data'))[0]);
    const url = /listens on (\S+)/.exec(said)?.[1] ?? '';
    expect(await (await fetch(`${url}/api/health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await fetch(`${url}/docs/assets/swagger-ui.css`)).status).toBe(200);
    expect((await fetch(`${url}/api/metrics`)).status).toBe(200);
    expect((await fetch(`${url}/api/chat/search?q=x`)).status).toBe(200);
    const made = await fetch(`${url}/api/backups`, { method: 'POST' });
    expect(made.status).toBe(201);
    expect((await mcb('backup', 'list')).stdout).toMatch(/^mini-claude-bot-\S+\.tar\.gz/);
  } finally {
    // npx starts it as another process: both end.
    const exited = once(child, 'exit');
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await exited;
  }
}, 90_000);
