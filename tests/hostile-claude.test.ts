import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const hostile = fileURLToPath(new URL('./support/hostile-claude.mjs', import.meta.url));

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({
    env: {
      CLAUDE_BIN: hostile,
      GATEWAY_BUSY_STUCK_TIMEOUT: '2',
      GATEWAY_CLAUDE_TIMEOUT: '5',
      GATEWAY_MAX_CLAUDE_PROCESSES: '2',
    },
  });
});
afterEach(() => gateway.stop());

const send = async (chat_id: string, message: string): Promise<string> =>
  (await gateway.client.call(operations.sendMessage, { chat_id, message })).response;

const stuck = /^\[ERROR\] Claude made no progress for too long/;
const tooLong = /^\[ERROR\] Claude took longer than a turn may/;
const crashed = /^\[ERROR\] Claude Code ended unexpectedly/;

test.each([
  ['hangs at once', 'hang-at-once', stuck],
  ['hangs in mid-turn', 'hang-mid', stuck],
  ['crashes in mid-turn', 'crash-mid', crashed],
  ['ends in mid-turn as if all were well', 'end-mid', crashed],
  // Whichever is noticed first.
  ['closes its output and stays', 'close-output', /stopped talking|made no progress/],
  ['leaves daemons behind', 'leave-daemons', crashed],
  ['writes lines that are no JSON without an end', 'flood-lines', stuck],
  ['writes a line without an end', 'flood-one-line', /a line of more than 64 MB/],
  ['writes errors without an end', 'flood-errors', stuck],
  [
    'writes a reply without an end',
    'flood-text',
    /a reply of more than 10000000 characters|took longer/,
  ],
  ['thinks without an end', 'flood-thinking', tooLong],
  ['uses tools without an end', 'flood-tools', tooLong],
])(
  'one that %s is ended: its chat is told and goes on, the others notice nothing',
  async (_what, behaviour, words) => {
    expect(await send('1', 'hello')).toBe('well behaved');
    const response = send('1', behaviour);
    // Another chat, meanwhile.
    expect(await send('2', 'hello')).toBe('well behaved');
    expect(await response).toMatch(words);
    expect(await response).not.toContain('sk-ant-');
    await gateway.client.call(operations.stopChat, { chat_id: '2' });
    await eventually('nothing is left of it', async () => {
      const left = await markedProcesses(gateway.home);
      return left.length === 0;
    });
    expect(await send('1', 'hello')).toBe('well behaved');
    const turns = await gateway.client.call(operations.listTurns, { chat_id: '1' });
    expect(turns.map(({ state }) => state)).toEqual(['completed', 'failed', 'completed']);
  },
);

test('nonsense between its words is passed over', async () => {
  expect(await send('1', 'garbage-between')).toBe('after the garbage');
});

test('one that can not start is told in words, and tried again with the next message', async () => {
  const broken = join(gateway.home, 'crash-at-once');
  writeFileSync(broken, '');
  const response = await send('1', 'hello');
  expect(response).toMatch(/^\[ERROR\] /);
  expect(response).toContain('no such luck');
  rmSync(broken);
  expect(await send('1', 'hello')).toBe('well behaved');
});
