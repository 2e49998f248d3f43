import { operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const megabyte = 1024 * 1024;
const plenty = 64 * 1024 * megabyte;
/** What one Claude process is taken to hold. */
const ofEach = 200 * megabyte;

let gateway: TestGateway;
/** Bytes that are free while Claude holds nothing. */
let room: number;
beforeEach(async () => {
  room = plenty;
  gateway = await startTestGateway({
    env: { GATEWAY_MIN_FREE_MB: '512', GATEWAY_MEMORY_WAIT_TIMEOUT: '1' },
    freeMemory: async () => room - ofEach * (await markedProcesses(gateway.home)).length,
  });
});
afterEach(() => gateway.stop());

const send = async (chat_id: string, message: string): Promise<string> =>
  (await gateway.client.call(operations.sendMessage, { chat_id, message })).response;

const warmChats = async (): Promise<string[]> =>
  (await gateway.client.call(operations.listSessions, {}))
    .filter(({ state }) => state === 'idle')
    .map(({ chat_id }) => chat_id)
    .toSorted();

test('with little memory, those that were idle longest make room, and no more than must', async () => {
  for (const chat of ['1', '2', '3']) await send(chat, 'Tea. [[text:ok]]');
  expect(await warmChats()).toEqual(['1', '2', '3']);
  // Two processes may stay where the floor is to be kept.
  room = 512 * megabyte + 2 * ofEach;
  expect(await send('4', '[[text:ok]]')).toBe('ok');
  expect(await warmChats()).toEqual(['2', '3', '4']);
  // The one that was closed goes on where it was.
  room = plenty;
  expect(await send('1', '[[history]]')).toContain('Tea.');
});

test('where closing is not enough, a message waits, and is then refused with the figures', async () => {
  await send('1', '[[text:ok]]');
  room = 100 * megabyte;
  const response = await send('2', '[[text:never]]');
  expect(response).toMatch(/^\[ERROR\] The machine has too little free memory/);
  expect(response).toContain('100 MB are free, 512 MB are needed (GATEWAY_MIN_FREE_MB)');
  expect(await markedProcesses(gateway.home)).toEqual([]);
  room = plenty;
  expect(await send('2', '[[history]]')).not.toContain('never');
});

test('a message that waits for memory runs as soon as there is some, and can be stopped before', async () => {
  room = 0;
  const waiting = send('1', '[[text:never]]');
  await eventually('it is taken', async () => (await running()).length === 1);
  await gateway.client.call(operations.stopChat, { chat_id: '1' });
  expect(await waiting).toBe('(stopped)');
  const second = send('1', '[[text:ran]]');
  await eventually('it is taken', async () => (await running()).length === 1);
  room = plenty;
  expect(await second).toBe('ran');
});

const running = () => gateway.client.call(operations.listTurns, { state: 'running' });
