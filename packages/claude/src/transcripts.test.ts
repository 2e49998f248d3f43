import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claudeConfigDirectory, Transcripts } from './transcripts.ts';

const id = '11111111-2222-4333-8444-555555555555';
const other = '99999999-2222-4333-8444-555555555555';

let config: string;
beforeEach(async () => {
  config = await mkdtemp(join(tmpdir(), 'mcb-transcripts-'));
});
afterEach(() => rm(config, { recursive: true, force: true }));

async function file(...path: string[]): Promise<void> {
  await mkdir(join(config, ...path.slice(0, -1)), { recursive: true });
  await writeFile(join(config, ...path), '{}\n');
}

test('removes a session’s transcript and what belongs to it, in whatever folder, and nothing else', async () => {
  await file('projects', 'one', `${id}.jsonl`);
  await file('projects', 'one', id, 'subagents', 'agent.jsonl');
  await file('projects', 'one', `${other}.jsonl`);
  await file('projects', 'one', other, 'kept.json');
  await file('projects', 'one', 'memory', 'MEMORY.md');
  await file('projects', 'two', `${id}.jsonl`);
  const transcripts = new Transcripts(config);
  expect(await transcripts.has(id)).toBe(true);
  await transcripts.remove(id);
  expect(await transcripts.has(id)).toBe(false);
  expect(await transcripts.has(other)).toBe(true);
  const left = await readdir(join(config, 'projects'), { recursive: true });
  expect(left.sort()).toEqual(
    [
      'one',
      'one/memory',
      'one/memory/MEMORY.md',
      `one/${other}`,
      `one/${other}.jsonl`,
      `one/${other}/kept.json`,
      'two',
    ].sort(),
  );
});

test.each([
  '',
  '.',
  '..',
  '../../../etc/passwd',
  'a/b',
  `${id}\0`,
  `${id}.jsonl`,
  '-'.repeat(36),
  '*',
])('%j is no session and touches nothing', async (name) => {
  await file('projects', 'one', `${id}.jsonl`);
  await file('projects', 'one', `${'-'.repeat(36)}.jsonl`);
  const transcripts = new Transcripts(config);
  expect(await transcripts.has(name)).toBe(false);
  await transcripts.remove(name);
  expect(await readdir(join(config, 'projects', 'one'))).toHaveLength(2);
});

test('without a configuration there is nothing to find or to remove', async () => {
  const transcripts = new Transcripts(join(config, 'nowhere'));
  expect(await transcripts.has(id)).toBe(false);
  await transcripts.remove(id);
});

test.each([
  [{ HOME: '/home/a' }, '/home/a/.claude'],
  [{ HOME: '/home/a', CLAUDE_CONFIG_DIR: '/etc/claude' }, '/etc/claude'],
  [{ HOME: '/home/a', CLAUDE_CONFIG_DIR: '' }, '/home/a/.claude'],
  [{}, join(homedir(), '.claude')],
])('the configuration of %j is in %s', (environment, directory) => {
  expect(claudeConfigDirectory(environment)).toBe(directory);
});
