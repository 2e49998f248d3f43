import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publishLocalAccess, readLocalAccess } from './local-access.ts';

let directory: string;
let database: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-'));
  database = join(directory, 'gateway.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

const access = { url: 'http://127.0.0.1:8000', key: 'k' };

test('it is there for its owner alone, until it is withdrawn', () => {
  expect(readLocalAccess(database)).toBeUndefined();
  const withdraw = publishLocalAccess(database, access);
  expect(readLocalAccess(database)).toEqual(access);
  expect(statSync(`${database}.access`).mode & 0o777).toBe(0o600);
  withdraw();
  expect(existsSync(`${database}.access`)).toBe(false);
});

test('what lay there before is replaced, never written into', () => {
  const other = join(directory, 'other');
  writeFileSync(other, 'mine', { mode: 0o644 });
  symlinkSync(other, `${database}.access`);
  symlinkSync(other, `${database}.access.partial`);
  publishLocalAccess(database, access);
  expect(readFileSync(other, 'utf8')).toBe('mine');
  expect(statSync(`${database}.access`).mode & 0o777).toBe(0o600);
});

test.each(['', '{', '[]', '{"url": 7}'])('a broken one is none: %j', (text) => {
  writeFileSync(`${database}.access`, text);
  expect(readLocalAccess(database)).toBeUndefined();
});
