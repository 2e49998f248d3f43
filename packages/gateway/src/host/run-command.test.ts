import { expect, test } from 'vitest';
import { CommandError, runCommand } from './run-command.ts';

const options = { env: { PATH: process.env.PATH ?? '' }, timeoutMs: 10_000 };

test('what a program prints', async () => {
  expect(await runCommand('echo', ['a; b', '$HOME'], options)).toBe('a; b $HOME\n');
});

test('a fault is what the program says last', async () => {
  const run = runCommand('sh', ['-c', 'echo one >&2; echo two >&2; exit 3'], options);
  await expect(run).rejects.toMatchObject({ message: 'sh -c: two', missing: false });
});

test('a fault tells no password that stands in an address', async () => {
  const said = 'fatal: unable to access https://me:hunter2@example.org/x.git';
  const run = runCommand('sh', ['-c', `echo "${said}" >&2; exit 1`], options);
  await expect(run).rejects.toThrow('unable to access https://example.org/x.git');
});

test('a program that is not there', async () => {
  const run = runCommand('/nowhere/gh', ['issue'], options);
  await expect(run).rejects.toBeInstanceOf(CommandError);
  await expect(run).rejects.toMatchObject({ missing: true });
});

test('one that takes too long is ended, and none waits for input', async () => {
  expect(await runCommand('cat', [], options)).toBe('');
  const run = runCommand('sleep', ['60'], { ...options, timeoutMs: 50 });
  await expect(run).rejects.toThrow('longer than 0.05 s');
});
