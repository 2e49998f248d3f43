import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
let archives: string;
beforeAll(async () => {
  archives = mkdtempSync(join(tmpdir(), 'mcb-archives-'));
  gateway = await startTestGateway({ env: { GATEWAY_ARCHIVE_DIR: archives } });
});
afterAll(async () => {
  await gateway.stop();
  rmSync(archives, { recursive: true });
});
// Each chat of these tests has a process of its own to be started.
vi.setConfig({ testTimeout: 120_000 });

const sessions = (...parts: string[]) => join(gateway.home, 'sessions', 'default', ...parts);
const send = async (chat_id: string, message: string, bot_id = 'default') =>
  (await gateway.client.call(operations.sendMessage, { chat_id, bot_id, message })).response;
const stop = (chat_id: string, bot_id = 'default') =>
  gateway.client.call(operations.stopChat, { chat_id, bot_id });
/** A chat with something of its own in its directory. */
const furnish = async (chat_id: string): Promise<void> => {
  await send(
    chat_id,
    '[[bash:echo precious > precious; mkdir -p sub; echo x > sub/x]] [[/]] [[text:ok]]',
  );
};
const bash = (chat_id: string, command: string) =>
  send(chat_id, `[[bash:${command}]] [[/]] [[result]]`);

describe('ids', () => {
  test.each(['..', '.', '', '../up', '/etc', 'a/b', 'a/../../b', '\0', 'a\0b', '\ud800'])(
    '%j is neither a chat nor a bot, on any route',
    async (id) => {
      const before = readdirSync(gateway.home);
      const message = { message: 'hi', chat_id: id };
      const calls: [string, object][] = [
        ['/api/gateway/send', message],
        ['/api/gateway/send', { ...message, chat_id: '1', bot_id: id }],
        ['/api/gateway/send-stream', message],
        ['/api/gateway/stop', { chat_id: id }],
        ['/api/gateway/stop', { chat_id: '1', bot_id: id }],
        [`/api/gateway/sessions/${encodeURIComponent('x')}/reset`, { bot_id: id }],
      ];
      for (const [path, body] of calls) {
        expect(await gateway.post(path, body), path).toMatchObject({ status: 422 });
      }
      expect(readdirSync(gateway.home)).toEqual(before);
    },
  );

  test.each(['..%2f..%2fetc', '%2e%2e', '%2e%2e%2f', '..%5c..', '%00'])(
    'the path %s leads nowhere',
    async (part) => {
      const { status } = await gateway.get(`/api/gateway/queue-status/${part}`);
      // A backslash is a character like any other where names are made of bytes.
      expect(status).toBe(part.includes('%5c') ? 200 : part === '%2e%2e' ? 404 : 422);
    },
  );
});

describe('what a chat plants in the place of its own directory', () => {
  test('a link to another chat’s: it is not used, and stop removes the link alone', async () => {
    await furnish('victim');
    await bash('thief', 'cd .. && rm -rf thief && ln -s victim thief');
    await gateway.client.call(operations.resetSession, { chat_id: 'thief', bot_id: 'default' });
    expect(await bash('thief', 'cat precious')).toMatch(/^\[ERROR\] .*there is a link/s);
    await stop('thief');
    expect(readdirSync(sessions())).not.toContain('thief');
    expect(readFileSync(sessions('victim', 'precious'), 'utf8')).toBe('precious\n');
    expect(await bash('thief', 'ls')).not.toContain('precious');
  });

  test('its bot’s directory as a link: all of its chats are refused, nothing beyond is touched', async () => {
    const outside = join(gateway.home, 'outside');
    mkdirSync(join(outside, '1'), { recursive: true });
    writeFileSync(join(outside, '1', 'precious'), 'x');
    symlinkSync(outside, join(gateway.home, 'sessions', 'linked'));
    expect(await send('1', '[[text:hi]]', 'linked')).toMatch(/^\[ERROR\] /);
    await stop('1', 'linked');
    expect(readFileSync(join(outside, '1', 'precious'), 'utf8')).toBe('x');
    expect(readdirSync(join(outside, '1'))).toEqual(['precious']);
  });
});

describe('what a chat plants in its directory', () => {
  test('links to elsewhere do not lead stop there', async () => {
    const outside = join(gateway.home, 'elsewhere');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'x');
    await furnish('neighbour');
    const plant = `ln -s ${outside} a; ln -s ${outside}/precious b; ln -s ../neighbour c; ln -s . d; ln -s / e`;
    await bash('planter', `${plant}; mkdir -p deep/er && ln -s ../../../neighbour/sub deep/er/f`);
    await stop('planter');
    expect(existsSync(sessions('planter'))).toBe(false);
    expect(readdirSync(outside)).toEqual(['precious']);
    expect(readdirSync(sessions('neighbour')).toSorted()).toEqual(['precious', 'sub']);
    expect(readdirSync(sessions('neighbour', 'sub'))).toEqual(['x']);
  });

  test('a harness that is a link is not archived; links in one stay links', async () => {
    await bash('owner', 'mkdir .harness && echo secret-of-owner > .harness/notes');
    await bash('copier', 'ln -s ../owner/.harness .harness');
    // To follow these would take for ever.
    const circles = 'ln -s . .harness/a; ln -s . .harness/b; ln -s / .harness/c';
    const link = 'ln -s ../../owner/.harness/notes .harness/notes';
    await bash('linker', `mkdir .harness && ${link}; ${circles}`);
    await stop('copier');
    await stop('linker');
    const copies = readdirSync(archives).filter((name) => name !== 'index.json');
    expect(copies).toHaveLength(1);
    expect(lstatSync(join(archives, copies[0] ?? '', '.harness', 'notes')).isSymbolicLink()).toBe(
      true,
    );
    expect(readFileSync(join(archives, 'index.json'), 'utf8')).toContain('"linker"');
  });

  test('a directory as deep as can be, without rights, does not outlast the chat', async () => {
    const deep =
      'for i in $(seq 300); do mkdir dddddddddddddddd; cd dddddddddddddddd; done; chmod 000 .';
    await bash('digger', deep);
    await stop('digger');
    expect(existsSync(sessions('digger'))).toBe(false);
  });
});

test('to stop one chat removes nothing of those that are named almost like it', async () => {
  const names = ['a', 'a.b', 'a~2', 'A'];
  await Promise.all(names.map(furnish));
  const transcripts = () =>
    readdirSync(join(gateway.home, '.claude', 'projects'), { recursive: true }).filter((name) =>
      String(name).endsWith('.jsonl'),
    );
  const before = transcripts();
  await stop('a');
  expect(transcripts()).toHaveLength(before.length - 1);
  expect(existsSync(sessions('a'))).toBe(false);
  for (const name of names.slice(1)) {
    expect(readFileSync(sessions(name, 'precious'), 'utf8'), name).toBe('precious\n');
    expect(await send(name, '[[history]]'), name).toContain('precious');
  }
});

test('a row that names another directory removes nothing', async () => {
  const { default: Sqlite } = await import('better-sqlite3');
  await Promise.all([furnish('moved'), furnish('kept')]);
  const database = new Sqlite(join(gateway.home, 'gateway.db'));
  const set = database.prepare('UPDATE gateway_sessions SET cwd = ? WHERE chat_id = ?');
  for (const cwd of [gateway.home, sessions('kept')]) {
    set.run(cwd, 'moved');
    await stop('moved');
    expect(readFileSync(sessions('kept', 'precious'), 'utf8')).toBe('precious\n');
    expect(existsSync(sessions('moved'))).toBe(true);
    await send('moved', '[[text:again]]');
  }
  database.close();
});
