import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, asking } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';
import { ofType } from '../tests/support/replay.ts';
import type { Conversation } from './launch.ts';
import { claudeConfigDirectory, Transcripts } from './transcripts.ts';

let house: ClaudeHouse;
let transcripts: Transcripts;
beforeAll(async () => {
  house = await openClaudeHouse();
  transcripts = new Transcripts(claudeConfigDirectory(house.settings.environment));
});
afterAll(() => house.close());

const begin = (resume?: string): Conversation =>
  resume === undefined ? { kind: 'new' } : { kind: 'resumed', id: resume };

/** One turn in that directory, on a process of its own. @returns the conversation's id */
async function talk(directory: string, prompt: string, resume?: string): Promise<string> {
  const session = await house.start({ directory, conversation: begin(resume) });
  const turn = asking(session, prompt);
  expect(await turn.outcome).toMatchObject({ kind: 'completed' });
  await session.close();
  const id = ofType(turn.events, 'session')[0]?.sessionId;
  if (id === undefined) throw new Error('the session was not named');
  return id;
}

async function remembered(directory: string, resume: string): Promise<unknown> {
  const session = await house.start({ directory, conversation: begin(resume) });
  const outcome = await ask(session, '[[history]]');
  await session.close();
  return JSON.parse(outcome.text);
}

/** All files of the configuration that name a session, by path or by content. */
async function traces(id: string): Promise<string[]> {
  const projects = join(house.home, '.claude', 'projects');
  const found: string[] = [];
  for (const entry of await readdir(projects, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (path.includes(id)) found.push(path);
    else if (entry.isFile() && (await readFile(path, 'utf8')).includes(id)) found.push(path);
  }
  return found;
}

test('a conversation goes on in a new process, under the same id', async () => {
  const directory = await house.directory('goes-on');
  const id = await talk(directory, 'I like tea.');
  expect(await talk(directory, 'And coffee.', id)).toBe(id);
  expect(await remembered(directory, id)).toEqual(['I like tea.', 'And coffee.']);
});

test.each([
  ['a.b', 'a-b'],
  ['my_bot', 'my-bot'],
  ['十', '九'],
])('%s and %s keep apart, though Claude files them together', async (one, other) => {
  const [first, second] = [await house.directory(one), await house.directory(other)];
  const firstId = await talk(first, `I am ${one}.`);
  const secondId = await talk(second, `I am ${other}.`);
  expect(firstId).not.toBe(secondId);
  expect(await remembered(first, firstId)).toEqual([`I am ${one}.`]);

  await transcripts.remove(firstId);
  expect(await transcripts.has(firstId)).toBe(false);
  expect(await traces(firstId)).toEqual([]);
  expect(await transcripts.has(secondId)).toBe(true);
  expect(await remembered(second, secondId)).toEqual([`I am ${other}.`]);
});

test.each([
  ['a name as long as a name can be', ['n'.repeat(255)]],
  ['a very long path', Array.from({ length: 12 }, (_, n) => `${n}-${'p'.repeat(200)}`)],
  ['Unicode', ['你好 😀 e\u0301 \u202Eabc']],
])('a directory with %s', async (_what, parts) => {
  const directory = join(house.home, 'chats', ...parts);
  await mkdir(directory, { recursive: true });
  const id = await talk(directory, 'Here I am.');
  expect(await transcripts.has(id)).toBe(true);
  expect(await remembered(directory, id)).toEqual(['Here I am.']);
  await transcripts.remove(id);
  expect(await transcripts.has(id)).toBe(false);
  expect(await traces(id)).toEqual([]);
});

test('a fork knows the conversation, goes on beside it, and is counted for itself', async () => {
  const directory = await house.directory('forked');
  const main = await house.start({ directory });
  const first = asking(main, 'main one [[text:1]]');
  const before = await first.outcome;
  const from = ofType(first.events, 'session')[0]?.sessionId ?? '';
  const fork = await house.start({ directory, conversation: { kind: 'forked', from } });
  const turn = asking(fork, 'fork one [[history]]');
  const forked = await turn.outcome;
  const beside = await ask(main, 'main two [[history]]');
  expect([forked.text, beside.text]).toEqual(Array(2).fill('["main one [[text:1]]"]'));
  const forkId = ofType(turn.events, 'session')[0]?.sessionId ?? '';
  expect(forkId).not.toBe(from);
  expect([await transcripts.has(from), await transcripts.has(forkId)]).toEqual([true, true]);
  expect(forked.totalCostUsd).toBeLessThan(before.totalCostUsd ?? 0);
  await Promise.all([main.close(), fork.close()]);
  const again = await house.start({ directory, conversation: { kind: 'resumed', id: forkId } });
  expect(JSON.parse((await ask(again, '[[history]]')).text)).toHaveLength(2);
  await again.close();
  await transcripts.remove(forkId);
  expect(await transcripts.has(from)).toBe(true);
});
