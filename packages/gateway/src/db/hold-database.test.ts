import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatabaseError } from './database.ts';
import { holdDatabase, realDatabasePath } from './hold-database.ts';

let directory: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hold-'));
  file = join(directory, 'gateway.db');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** Another process that does to the lock what a gateway does, and says when it has it. */
const otherGateway = `
  const Sqlite = require('better-sqlite3');
  const path = process.argv[1];
  const lock = new Sqlite(path + '.lock', { timeout: 0 });
  lock.exec('BEGIN EXCLUSIVE');
  require('node:fs').writeFileSync(path + '.pid', String(process.pid));
  process.stdout.write('held');
  setInterval(() => lock.open, 1000);
`;

async function startOtherGateway(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', otherGateway, file], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error('the other process did not start');
  return Object.assign(child, { pid });
}

test('a second holder is refused, and told which process is the first', () => {
  const release = holdDatabase(file);
  expect(() => holdDatabase(file)).toThrow(DatabaseError);
  expect(() => holdDatabase(file)).toThrow(`process ${process.pid}`);
  expect(() => holdDatabase(file)).toThrow(file);
  release();
});

test('once it was given back, another may have it', () => {
  holdDatabase(file)();
  const release = holdDatabase(file);
  release();
});

test('a database has one name, whatever links lead to it', () => {
  const link = join(directory, 'link');
  symlinkSync(directory, link);
  const linked = join(link, basename(file));
  // Before there is a file, and after.
  expect(realDatabasePath(linked)).toBe(realDatabasePath(file));
  writeFileSync(file, '');
  expect(realDatabasePath(linked)).toBe(realDatabasePath(file));
  symlinkSync(file, join(directory, 'other.db'));
  expect(realDatabasePath(join(directory, 'other.db'))).toBe(realDatabasePath(file));
  expect(realDatabasePath(':memory:')).toBe(':memory:');
});

test('a holder in another process is named, and is gone when it was killed', async () => {
  const other = await startOtherGateway();
  expect(() => holdDatabase(file)).toThrow(
    `is in use by another gateway (process ${other.pid}). Stop that one first`,
  );
  other.kill('SIGKILL');
  await once(other, 'exit');
  const release = holdDatabase(file);
  expect(() => holdDatabase(file)).toThrow(`process ${process.pid}`);
  release();
});

test('a holder that is not named is refused all the same', () => {
  const release = holdDatabase(file);
  rmSync(`${file}.pid`);
  expect(() => holdDatabase(file)).toThrow('process unknown');
  release();
});

test('different databases do not get in each other’s way', () => {
  const first = holdDatabase(file);
  const second = holdDatabase(join(directory, 'other.db'));
  second();
  first();
});

test('its files are for the owner alone, and it makes no database', () => {
  const path = join(directory, 'new', 'gateway.db');
  const release = holdDatabase(path);
  expect(modeOf(join(directory, 'new'))).toBe(0o700);
  expect(modeOf(`${path}.lock`)).toBe(0o600);
  expect(modeOf(`${path}.pid`)).toBe(0o600);
  expect(existsSync(path)).toBe(false);
  release();
});

test('a place that cannot be used is told as such', () => {
  writeFileSync(file, '');
  const path = join(file, 'gateway.db');
  expect(() => holdDatabase(path)).toThrow(DatabaseError);
  expect(() => holdDatabase(path)).toThrow(/can't be opened: .*DATABASE_PATH/);
});

test('a database in memory is nobody else’s', () => {
  const first = holdDatabase(':memory:');
  const second = holdDatabase(':memory:');
  first();
  second();
});
