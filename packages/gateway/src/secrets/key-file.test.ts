import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

test.each([0o640, 0o604, 0o644, 0o620, 0o666])(
  'one of mode %o is refused with what to do',
  (mode) => {
    const path = join(directory, 'secret.key');
    readKeyFile(path);
    chmodSync(path, mode);
    expect(() => readKeyFile(path)).toThrow(/can be read by other users .*chmod 600 /);
    expect(statSync(path).mode & 0o777).toBe(mode);
  },
);

test.each<[string, (path: string) => void, RegExp]>([
  ['a link to a key', (path) => symlinkSync(join(directory, 'elsewhere.key'), path), /is a link/],
  ['a link to nowhere', (path) => symlinkSync(join(directory, 'nowhere'), path), /is a link/],
  ['a directory', (path) => mkdirSync(path), /is no file/],
])('%s is no key file', (_what, put, words) => {
  readKeyFile(join(directory, 'elsewhere.key'));
  const path = join(directory, 'secret.key');
  put(path);
  expect(() => readKeyFile(path)).toThrow(words);
});

test('nothing half made is left, whatever the umask', () => {
  const before = process.umask(0);
  try {
    readKeyFile(join(directory, 'a', 'secret.key'));
  } finally {
    process.umask(before);
  }
  expect(readdirSync(join(directory, 'a'))).toEqual(['secret.key']);
  expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'a', 'secret.key')).mode & 0o777).toBe(0o600);
});
