import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findClaude } from './executable.ts';
import { checkVersion, isAtLeast, oldestVersion } from './version.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcb-version-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const environment = { PATH: process.env.PATH ?? '' };

async function program(name: string, body: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

test('the bundled program is new enough', async () => {
  const version = await checkVersion(await findClaude(undefined), {
    ...environment,
    HOME: directory,
  });
  expect(isAtLeast(version, oldestVersion)).toBe(true);
});

test.each([
  ['as Claude Code says it', 'echo "2.1.330 (Claude Code)"', '2.1.330'],
  ['the oldest there may be', `echo "${oldestVersion} (Claude Code)"`, oldestVersion],
  ['the number alone', 'echo 3.0.0', '3.0.0'],
  ['after a warning', 'echo "a warning 1.2.3"; echo "2.1.330 (Claude Code)"', '2.1.330'],
])('%s', async (name, body, version) => {
  expect(await checkVersion(await program(name, body), environment)).toBe(version);
});

test.each([
  [
    'an old one',
    'echo "2.0.0 (Claude Code)"',
    'claude_too_old',
    /Claude Code 2\.0\.0 .*too old; 2\.1\.248 or newer/,
  ],
  ['an old number', 'echo 2.0.0', 'claude_too_old', /2\.0\.0/],
  ['nonsense', 'echo "hello world"', 'claude_start_failed', /prints no version/],
  ['another program', 'echo "Python 3.11.4"', 'claude_start_failed', /prints no version/],
  ['nothing', 'true', 'claude_start_failed', /prints no version/],
  [
    'a failure',
    'echo "no such library sk-ant-secret123" >&2; exit 127',
    'claude_start_failed',
    /does not run: no such library sk-…/,
  ],
  ['a silent failure', 'exit 9', 'claude_start_failed', /exited with code 9/],
  ['a flood', 'yes', 'claude_start_failed', /does not run/],
])('%s is refused in words', async (name, body, reason, message) => {
  const path = await program(name, body);
  await expect(checkVersion(path, environment)).rejects.toMatchObject({
    reason,
    message: expect.stringMatching(message),
  });
});

test('one that hangs, and does not want to be ended, is given up', async () => {
  const path = await program('hangs', "trap '' TERM INT\nwhile :; do read x; done < /dev/zero");
  await expect(checkVersion(path, environment, 200)).rejects.toMatchObject({
    reason: 'claude_start_failed',
    message: expect.stringContaining('did not answer within 1 s'),
  });
});

test.each([
  ['missing', join('/nowhere', 'claude')],
  ['with a path that cannot be', 'a\0b'],
])('one that is %s', async (_what, path) => {
  await expect(checkVersion(path, environment)).rejects.toMatchObject({
    reason: 'claude_start_failed',
  });
});

test('versions are compared part by part, as numbers', () => {
  const part = fc.nat({ max: 300 });
  const parts = fc.tuple(part, part, part);
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const weight = ([x, y, z]: [number, number, number]) => (x * 1000 + y) * 1000 + z;
      expect(isAtLeast(a.join('.'), b.join('.'))).toBe(weight(a) >= weight(b));
    }),
  );
});
