import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pastConversations } from './past-conversations.ts';

let scratch: string;
let config: string;
let directory: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'mcb-past-'));
  config = join(scratch, '.claude');
  directory = join(scratch, 'a.b');
  mkdirSync(directory);
});
afterEach(() => rmSync(scratch, { recursive: true }));

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const user = (content: unknown, more: object = {}): string =>
  JSON.stringify({ type: 'user', message: { role: 'user', content }, cwd: directory, ...more });

/** @param at Unix seconds at which it was written last */
function transcript(n: number, lines: readonly string[], at = n, place = directory): void {
  const folder = join(config, 'projects', place.replace(/[^a-zA-Z0-9]/g, '-'));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${id(n)}.jsonl`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  utimesSync(file, at, at);
}

test('the newest comes first, with what was said in it', async () => {
  transcript(1, [
    user('one'),
    user([
      { type: 'text', text: 'two' },
      { type: 'tool_result', content: 'x' },
    ]),
  ]);
  transcript(2, [user('three')], 9);
  expect(await pastConversations(config, directory)).toEqual([
    { id: id(2), lastUsedMs: 9000, prompts: ['three'] },
    { id: id(1), lastUsedMs: 1000, prompts: ['one', 'two'] },
  ]);
});

test('one of another directory that shares the folder is none of it', async () => {
  transcript(1, [user('mine')]);
  transcript(2, [user('not mine', { cwd: join(scratch, 'a-b') })]);
  expect((await pastConversations(config, directory)).map((past) => past.id)).toEqual([id(1)]);
});

test('one that went elsewhere in its course stays its own', async () => {
  transcript(1, [user('begins'), user('goes on', { cwd: '/somewhere/else' })]);
  expect(await pastConversations(config, directory)).toMatchObject([
    { prompts: ['begins', 'goes on'] },
  ]);
});

test('a directory that is reached by a link is known by where it leads', async () => {
  symlinkSync(directory, join(scratch, 'link'));
  transcript(1, [user('hello')]);
  expect(await pastConversations(config, join(scratch, 'link'))).toHaveLength(1);
});

test('what is no conversation is passed over: notes, side chains, halves of lines, other files', async () => {
  transcript(1, ['{"type":"summary"}', '{"type":"us', '', user('aside', { isSidechain: true })]);
  writeFileSync(
    join(config, 'projects', directory.replace(/[^a-zA-Z0-9]/g, '-'), 'notes.jsonl'),
    user('x'),
  );
  expect(await pastConversations(config, directory)).toEqual([]);
  expect(await pastConversations(join(scratch, 'nowhere'), directory)).toEqual([]);
});

test('of a long one the end is read', async () => {
  const long = user('x'.repeat(1000));
  transcript(1, [user('first'), ...Array.from({ length: 6000 }, () => long), user('last')]);
  const [past] = await pastConversations(config, directory);
  expect(past?.prompts.at(-1)).toBe('last');
  expect(past?.prompts.length).toBeLessThan(6000);
});
