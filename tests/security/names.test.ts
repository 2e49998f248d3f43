import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noClaude } from '../support/no-claude.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());
// Each of these chats has a process of its own to be started.
vi.setConfig({ testTimeout: 120_000 });

/** Names that a program somewhere may take for something else. */
const odd = [
  '-rf',
  '--',
  ' ',
  '\n',
  'a\nb',
  'tab\there',
  '\u001b[2J\u001b]0;title\u0007',
  '...',
  '~',
  '~root',
  '$HOME',
  '%2e%2e',
  '..\\..',
  'C:',
  'CON',
  'name~2',
  '.git',
  '.claude',
  '.harness',
  'index.json',
  '__proto__',
  'constructor',
  'toString',
  "'; DROP TABLE turns; --",
  '*',
  '?',
  '<img src=x onerror=alert(1)>',
  'e\u0301',
  '\u00e9',
  '\u202egnp.exe',
  '\u200b',
  '\ufeff',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'x'.repeat(255),
  '\u754c'.repeat(85),
];

const { getChatSession, listSessions, listTurns, queueStatus, sendMessage, stopChat } = operations;

describe('a name is used to the letter, on every way, and touches nothing of the others', () => {
  // What Claude is asked here, it need not answer.
  beforeAll(() => gateway.restart(noClaude));
  afterAll(() => gateway.restart());

  test('as a chat’s and as a bot’s', async () => {
    const { client, home } = gateway;
    for (const name of odd) {
      const message = { chat_id: name, bot_id: name, username: name, message: 'hi' };
      expect((await client.call(sendMessage, message)).response, name).toMatch(/^\[ERROR\] /);
      writeFileSync(join(home, 'sessions', name, name, 'precious'), name);
    }
    expect(readdirSync(join(home, 'sessions')).toSorted()).toEqual(odd.toSorted());
    expect(readdirSync(home).filter((name) => odd.includes(name))).toEqual([]);

    for (const name of odd) {
      const chat = { chat_id: name, bot_id: name };
      expect(await client.call(queueStatus, chat), name).toMatchObject({ busy: false });
      expect(await client.call(listTurns, chat), name).toHaveLength(1);
      expect(await client.call(listSessions, { bot_id: name }), name).toMatchObject([chat]);
      const session_id = `gw-${name}-${name}`;
      expect(await client.call(getChatSession, { session_id, bot_id: name }), name).toHaveLength(2);
    }

    // One after another goes, and all the others stay.
    const left = new Set(odd);
    for (const name of odd) {
      await client.call(stopChat, { chat_id: name, bot_id: name });
      left.delete(name);
      const there = odd.filter((other) =>
        existsSync(join(home, 'sessions', other, other, 'precious')),
      );
      expect(new Set(there), name).toEqual(left);
    }
  });

  test('two bots whose names run into their chats’ have a history each', async () => {
    // Both are `gw-a-b-c` where a history has one name for bot and chat.
    const chats = [
      { bot_id: 'a', chat_id: 'b-c' },
      { bot_id: 'a-b', chat_id: 'c' },
    ];
    const { client } = gateway;
    for (const chat of chats)
      await client.call(sendMessage, { ...chat, message: `to ${chat.bot_id}` });
    for (const { bot_id } of chats) {
      const rows = await client.call(getChatSession, { session_id: 'gw-a-b-c', bot_id });
      expect(rows.map(({ role }) => role)).toEqual(['user', 'assistant']);
      expect(rows[0]?.content).toBe(`to ${bot_id}`);
    }
  });

  test.each([
    ['too long by a byte', 'x'.repeat(256)],
    ['too long by a character', `${'\u754c'.repeat(85)}x`],
  ])('%s: it is refused, and not cut', async (_what, name) => {
    for (const chat of [{ chat_id: name }, { chat_id: '1', bot_id: name }])
      expect(await gateway.post('/api/gateway/send', { ...chat, message: 'hi' })).toMatchObject({
        status: 422,
      });
  });
});

test.each(['-rf', '\n', '\u754c'.repeat(85)])(
  'Claude works in a directory that is named %j',
  async (name) => {
    const message = '[[bash:pwd | head -c 2000]] [[/]] [[result]]';
    const asked = { chat_id: name, bot_id: name, message };
    const { response } = await gateway.client.call(sendMessage, asked);
    expect(response.trim()).toBe(join(gateway.home, 'sessions', name, name).trim());
  },
);
