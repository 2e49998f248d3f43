import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEnvironment } from './read-environment.ts';

const directory = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(directory, { recursive: true }));

function envFile(text: string): string {
  const file = join(directory, '.env');
  writeFileSync(file, text);
  return file;
}

test('a file is not needed', () => {
  const nowhere = join(directory, 'nowhere', '.env');
  expect(readEnvironment({ PORT: '1' }, nowhere)).toEqual({ PORT: '1' });
});

test('the environment of the process comes before the file', () => {
  const file = envFile('PORT=1\nHOST=::1\n');
  expect(readEnvironment({ PORT: '2' }, file)).toEqual({ PORT: '2', HOST: '::1' });
});

test('comments, quotes and empty values', () => {
  const file = envFile('# a comment\n#PORT=1\nHOST="a b" # why\nCLAUDE_MODEL=\n');
  expect(readEnvironment({}, file)).toEqual({ HOST: 'a b', CLAUDE_MODEL: '' });
});

test('nothing of the file gets into the environment of the process', () => {
  const file = envFile('ONLY_IN_THE_FILE=1');
  expect(readEnvironment(process.env, file)).toHaveProperty('ONLY_IN_THE_FILE', '1');
  expect(process.env).not.toHaveProperty('ONLY_IN_THE_FILE');
});

test('a file that is there and cannot be read is not passed over', () => {
  expect(() => readEnvironment({}, directory)).toThrow();
});
