import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findClaude } from './executable.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcb-executable-'));
  await writeFile(join(directory, 'program'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(directory, 'text'), '', { mode: 0o644 });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('without a choice it is the bundled program', async () => {
  const path = await findClaude(undefined);
  expect(isAbsolute(path)).toBe(true);
  expect(path).toContain('claude-agent-sdk-');
});

test('a chosen program is found, and named so that it is found from everywhere', async () => {
  const path = join(directory, 'program');
  expect(await findClaude(path)).toBe(path);
  expect(await findClaude(relative(process.cwd(), path))).toBe(path);
});

test.each(['nothing', 'text', '.'])('%s is no program', async (name) => {
  const path = join(directory, name);
  await expect(findClaude(path)).rejects.toMatchObject({
    reason: 'claude_missing',
    message: expect.stringContaining(`CLAUDE_BIN=${path} is not a program`),
  });
});
