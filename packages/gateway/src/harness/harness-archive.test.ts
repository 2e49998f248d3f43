import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
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

test.each<[string, (scratch: string, chat: string) => void]>([
  [
    'the chat’s directory',
    (scratch, chat) => {
      rmSync(chat, { recursive: true });
      symlinkSync(join(scratch, 'other'), chat);
    },
  ],
  [
    'the harness',
    (scratch, chat) => {
      rmSync(join(chat, '.harness'), { recursive: true });
      symlinkSync(join(scratch, 'other', '.harness'), join(chat, '.harness'));
    },
  ],
])('a link in the place of %s is not followed', async (_what, plant) => {
  mkdirSync(join(scratch, 'other', '.harness'), { recursive: true });
  writeFileSync(join(scratch, 'other', '.harness', 'tasks.json'), '{"project_name":"canary"}');
  plant(scratch, directory);
  expect(await archive.archive(chat, directory)).toBe(false);
  expect(existsSync(join(scratch, 'archives'))).toBe(false);
});

test('tasks that are a link to somebody else’s say nothing', async () => {
  writeFileSync(join(scratch, 'elsewhere.json'), '{"project_name":"canary"}');
  symlinkSync(join(scratch, 'elsewhere.json'), join(directory, '.harness', 'tasks.json'));
  expect(await archive.archive(chat, directory)).toBe(true);
  expect(JSON.stringify(await archive.entries())).not.toContain('canary');
});

test('pipes do not hold it up, and the copy is its owner’s alone', async () => {
  execFileSync('mkfifo', [
    join(directory, '.harness', 'pipe'),
    join(directory, '.harness', 'tasks.json'),
  ]);
  mkdirSync(join(directory, '.harness', 'open'), { mode: 0o777 });
  writeFileSync(join(directory, '.harness', 'open', 'file'), 'x', { mode: 0o666 });
  expect(await archive.archive(chat, directory)).toBe(true);
  const copy = join(scratch, 'archives', (await archive.entries())[0]?.uuid ?? '', '.harness');
  expect(readdirSync(copy)).toEqual(['open']);
  expect(statSync(join(copy, 'open')).mode & 0o777).toBe(0o700);
  expect(statSync(join(copy, 'open', 'file')).mode & 0o777).toBe(0o600);
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

test('one that would fill the disk is not archived, and nothing of it is left', async () => {
  writeTasks({ tasks: [] });
  // It takes no room here: it is one hole.
  const file = join(directory, '.harness', 'large');
  writeFileSync(file, '');
  truncateSync(file, 2 ** 40);
  await expect(archive.archive(chat, directory)).rejects.toThrow('too large');
  expect(readdirSync(join(scratch, 'archives'))).toEqual([]);
  rmSync(file);
  expect(await archive.archive(chat, directory)).toBe(true);
});

test('files are copied to the byte, empty ones too', async () => {
  const files = { empty: '', one: 'x', large: 'ä'.repeat(200_000) };
  for (const [name, words] of Object.entries(files))
    writeFileSync(join(directory, '.harness', name), words);
  await archive.archive(chat, directory);
  const [entry] = await archive.entries();
  for (const [name, words] of Object.entries(files)) {
    const copy = join(scratch, 'archives', entry?.uuid ?? '', '.harness', name);
    expect(readFileSync(copy, 'utf8')).toBe(words);
  }
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

test('links that lead in circles, or everywhere, are not followed', async () => {
  writeTasks({ tasks: [] });
  for (const name of ['a', 'b', 'c']) symlinkSync('.', join(directory, '.harness', name));
  symlinkSync('/', join(directory, '.harness', 'all'));
  expect(await archive.archive(chat, directory)).toBe(true);
  expect(await archive.archive(chat, directory)).toBe(false);
});

test('a change far below counts, and one that came with a new name', async () => {
  const deep = join(directory, '.harness', 'x', 'y');
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 'note'), '');
  expect(await archive.archive(chat, directory)).toBe(true);
  utimesSync(join(deep, 'note'), now / 1000 + 5, now / 1000 + 5);
  expect(await archive.archive(chat, directory)).toBe(true);
});

test('a working directory in a place that is a link is not taken for the chat’s', async () => {
  const victim = join(scratch, 'victim');
  mkdirSync(join(victim, 'chat', '.harness'), { recursive: true });
  symlinkSync(victim, join(scratch, 'bot'));
  expect(await archive.archiveAll(chat, join(scratch, 'bot', 'chat'))).toBe(0);
  expect(await archive.archiveAll(chat, join(victim, 'chat'))).toBe(1);
});
