import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findClaude } from './executable.ts';
import { loginState } from './login-state.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcb-login-'));
});
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

const path = process.env.PATH ?? '';

test('with a key it is logged in, without one in an empty home it is not', async () => {
  const claude = await findClaude(undefined);
  const environment = { PATH: path, HOME: home };
  expect(await loginState(claude, { ...environment, ANTHROPIC_API_KEY: 'sk-ant-test' })).toEqual({
    kind: 'logged_in',
    method: expect.any(String),
  });
  expect(await loginState(claude, environment)).toEqual({ kind: 'logged_out' });
});

test.each([
  ['nonsense', 'echo hello'],
  ['another form', 'echo "[1]"'],
  ['nothing', 'exit 1'],
  ['no answer in time', 'while :; do read x; done < /dev/zero'],
])('a program that gives %s leaves it unknown', async (name, body) => {
  const program = join(home, name);
  await writeFile(program, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  expect(await loginState(program, { PATH: path }, 1_000)).toEqual({
    kind: 'unknown',
    why: expect.stringContaining(program),
  });
});
