import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeyFileError, readKeyFile } from './key-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-key-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('it is made once, for its owner alone, and read from then on', () => {
  const path = join(directory, 'new', 'secret.key');
  const key = readKeyFile(path);
  expect(key).toHaveLength(32);
  expect(readKeyFile(path)).toEqual(key);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'new')).mode & 0o777).toBe(0o700);
});

test('a damaged one is not replaced', () => {
  const path = join(directory, 'secret.key');
  writeFileSync(path, 'short');
  expect(() => readKeyFile(path)).toThrow(KeyFileError);
  expect(readFileSync(path, 'utf8')).toBe('short');
});
