import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotId, ChatId } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessArchive } from './harness-archive.ts';

const chat = { botId: BotId.parse('b'), chatId: ChatId.parse('7') };
const now = Date.parse('2030-01-02T03:04:05Z');
let scratch: string;
let directory: string;
let archive: HarnessArchive;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'mcb-archive-'));
  directory = join(scratch, 'chat');
  mkdirSync(join(directory, '.harness'), { recursive: true });
  archive = new HarnessArchive(join(scratch, 'archives'), () => now);
});
afterEach(() => rmSync(scratch, { recursive: true }));

const writeTasks = (tasks: unknown) =>
  writeFileSync(
    join(directory, '.harness', 'tasks.json'),
    typeof tasks === 'string' ? tasks : JSON.stringify(tasks),
  );

test('a harness is copied and listed as clients know it', async () => {
  writeTasks({
    project_name: 'tea',
    phases: [{ name: 'a', tasks: [{ status: 'done' }, { status: 'blocked' }] }],
  });
  expect(await archive.archive(chat, directory)).toBe(true);
  const [entry] = await archive.entries();
  expect(entry).toEqual({
    uuid: expect.any(String),
    project_name: 'tea',
    chat_id: '7',
    bot_id: 'b',
    original_cwd: directory,
    archived_at: '2030-01-02T03:04:05.000Z',
    status: 'blocked',
    tasks_done: 1,
    tasks_total: 2,
    tasks_blocked: 1,
    fingerprint: expect.any(String),
  });
  const copy = join(scratch, 'archives', entry?.uuid ?? '', '.harness', 'tasks.json');
  expect(readFileSync(copy, 'utf8')).toContain('tea');
  expect(existsSync(join(directory, '.harness', 'tasks.json'))).toBe(true);
});

test('one that has not changed is not archived twice, one that has is', async () => {
  writeTasks({ tasks: [{ status: 'done' }] });
  expect(await archive.archive(chat, directory)).toBe(true);
  expect(await archive.archive(chat, directory)).toBe(false);
  utimesSync(join(directory, '.harness', 'tasks.json'), now / 1000 + 5, now / 1000 + 5);
  expect(await archive.archive(chat, directory)).toBe(true);
  expect(await archive.entries()).toHaveLength(2);
});

test('no harness, no archive', async () => {
  rmSync(join(directory, '.harness'), { recursive: true });
  expect(await archive.archive(chat, directory)).toBe(false);
  expect(existsSync(join(scratch, 'archives'))).toBe(false);
});

test.each(['', '{', '[]', 'null', '{"tasks": 5}', '{"phases": [{"tasks": [1]}]}'])(
  'tasks that say %j are archived all the same',
  async (text) => {
    writeTasks(text);
    expect(await archive.archive(chat, directory)).toBe(true);
    expect((await archive.entries())[0]).toMatchObject({
      project_name: 'chat',
      tasks_total: 0,
      status: 'incomplete',
    });
  },
);

test('a link in a harness is kept as a link: nothing from elsewhere is copied', async () => {
  writeFileSync(join(scratch, 'secret'), 'of somebody else');
  symlinkSync(join(scratch, 'secret'), join(directory, '.harness', 'link'));
  await archive.archive(chat, directory);
  const [entry] = await archive.entries();
  rmSync(join(scratch, 'secret'));
  expect(existsSync(join(scratch, 'archives', entry?.uuid ?? '', '.harness', 'link'))).toBe(false);
});

test('many at once are all listed', async () => {
  const directories = Array.from({ length: 8 }, (_, n) => join(scratch, `chat-${n}`));
  for (const each of directories) mkdirSync(join(each, '.harness'), { recursive: true });
  await Promise.all(directories.map((each) => archive.archive(chat, each)));
  expect((await archive.entries()).map((entry) => entry.original_cwd).toSorted()).toEqual(
    directories,
  );
});

test('an index that can not be read stops the archiving, and is left as it is', async () => {
  mkdirSync(join(scratch, 'archives'));
  writeFileSync(join(scratch, 'archives', 'index.json'), 'broken');
  await expect(archive.archive(chat, directory)).rejects.toThrow();
  expect(readFileSync(join(scratch, 'archives', 'index.json'), 'utf8')).toBe('broken');
});

test('a project below the directory is archived with it', async () => {
  writeTasks({ tasks: [{}] });
  mkdirSync(join(directory, 'web', 'app', '.harness'), { recursive: true });
  mkdirSync(join(directory, 'node_modules', 'x', '.harness'), { recursive: true });
  expect(await archive.archiveAll(chat, directory)).toBe(2);
  expect(await archive.archiveAll(chat, directory)).toBe(0);
  expect((await archive.entries()).map(({ original_cwd }) => original_cwd)).toEqual([
    directory,
    join(directory, 'web', 'app'),
  ]);
});

test('one that is moved away is in the archive, whole', async () => {
  writeTasks({ tasks: [{ status: 'done' }] });
  expect(await archive.moveAway(chat, directory)).toEqual({ copied: true, removed: true });
  expect(existsSync(join(directory, '.harness'))).toBe(false);
  const [entry] = await archive.entries();
  expect(existsSync(join(scratch, 'archives', entry?.uuid ?? '', '.harness', 'tasks.json'))).toBe(
    true,
  );
});

test('what was archived before, and has not changed, is only removed', async () => {
  writeTasks({ tasks: [{ status: 'done' }] });
  await archive.archive(chat, directory);
  expect(await archive.moveAway(chat, directory)).toEqual({ copied: false, removed: true });
  expect(await archive.moveAway(chat, directory)).toEqual({ copied: false, removed: false });
});

test('what can not be archived is not removed', async () => {
  writeTasks({ tasks: [{ status: 'done' }] });
  writeFileSync(join(scratch, 'archives'), 'a file where the archive should be');
  await expect(archive.moveAway(chat, directory)).rejects.toThrow();
  expect(existsSync(join(directory, '.harness', 'tasks.json'))).toBe(true);
});
