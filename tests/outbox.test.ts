import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { operations } from '@mini-claude-bot/contract';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addDelivery } from './support/add-delivery.ts';
import { scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { startTestGateway, type TestGateway, testEnvironment } from './support/test-gateway.ts';

const cli = fileURLToPath(new URL('../packages/gateway/dist/cli.js', import.meta.url));
const token = '4711:AAF-a-token-of-the-tests-000000';
const eventually = (look: () => unknown): Promise<void> =>
  vi.waitFor(async () => void (await look()), { timeout: 10_000 });
let telegram: FakeTelegram;
let gateway: TestGateway;
beforeAll(async () => {
  telegram = await startFakeTelegram();
  const env = { TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN: token };
  gateway = await startTestGateway({ env });
});
afterAll(async () => {
  await gateway.stop();
  await telegram.close();
});

const stateOf = async (id: string) =>
  gateway.client.call(operations.getDelivery, { delivery_id: id as never });

test('what was left by an earlier run goes out with the next start', async () => {
  const ids = ['**first**', 'second'].map((text) => addDelivery(gateway.home, { text }));
  const blocked = addDelivery(gateway.home, { chatId: '43', text: 'no' });
  const none = addDelivery(gateway.home, { botId: 'other', text: 'no' });
  telegram.answerNext({ kind: 'refuse', status: 403 }, ({ chatId }) => chatId === '43');
  await gateway.restart();
  await eventually(() => expect(telegram.textsIn(42)).toEqual(['first', 'second']));
  await eventually(async () =>
    expect(await Promise.all(ids.map(stateOf))).toMatchObject([
      { state: 'delivered', message_ids: [expect.any(Number)], parts: [{ text: 'first' }] },
      { state: 'delivered', text: 'second' },
    ]),
  );
  await eventually(async () =>
    expect(await stateOf(blocked)).toMatchObject({
      state: 'dead',
      reason: 'forbidden',
      parts: [{}],
    }),
  );
  expect(await stateOf(none)).toMatchObject({ state: 'dead', reason: 'token_missing' });
});

test('the list has filters and pages, and a dead delivery can be taken up again', async () => {
  const { client } = gateway;
  const list = (input: object) => client.call(operations.listDeliveries, input);
  expect((await list({ bot_id: 'default' })).map(({ preview }) => preview)).toEqual([
    'no',
    'second',
    '**first**',
  ]);
  expect(await list({ state: 'dead' })).toHaveLength(2);
  expect(await list({ source: 'cron' })).toEqual([]);
  const [newest] = await list({ limit: 1, bot_id: 'default' });
  const older = await list({ before: newest?.id, bot_id: 'default' });
  expect(older.map(({ preview }) => preview)).toEqual(['second', '**first**']);

  const [dead] = await list({ chat_id: '43' });
  if (dead === undefined) throw new Error('it is gone');
  const retry = () => client.call(operations.retryDelivery, { delivery_id: dead.id });
  expect(await retry()).toEqual({ retried: true, state: 'queued' });
  await eventually(async () => expect((await stateOf(dead.id)).state).toBe('delivered'));
  expect(await retry()).toEqual({ retried: false, state: 'delivered' });
});

test('an id that nobody has is not found', async () => {
  const path = '/api/outbox/2673b7d0-d15a-40c2-9830-44bf53af7078';
  expect(await gateway.get(path)).toMatchObject({ status: 404 });
  expect(await gateway.post(`${path}/retry`)).toMatchObject({ status: 404 });
  expect(await gateway.get('/api/outbox/x')).toMatchObject({ status: 422 });
});

test('the command line lists them and takes them up again', async () => {
  const id = addDelivery(gateway.home, { dead: true, chatId: '44', text: 'Told late.' });
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, [cli, 'outbox', ...words, '--url', gateway.url], {
      cwd: gateway.home,
      env: { PATH: process.env.PATH ?? '' },
    });
  const { stdout } = await run('list', '--chat', '44');
  expect(stdout).toContain(`${id}  2026-01-01 00:00:00  dead  default/44  task  Told late.`);
  expect(stdout).toContain('    The bot may not write to this chat.');
  expect(JSON.parse((await run('list', '--state', 'dead', '--json')).stdout)).toMatchObject([
    { id },
    {},
  ]);
  expect((await run('retry', id)).stdout).toBe(`${id}  is tried again\n`);
  await eventually(() => expect(telegram.textsIn(44)).toEqual(['Told late.']));
  await expect(run('retry', id)).rejects.toMatchObject({ code: 1 });
  await expect(run('retry', 'x')).rejects.toMatchObject({ code: 2 });
  await expect(run('list', '--state', 'lost')).rejects.toMatchObject({ code: 2 });
});

test('a gateway that is killed while it sends goes on behind what has arrived', async () => {
  const home = scratchDirectory();
  const fake = await startFakeTelegram({ script: () => ({ kind: 'late', ms: 20 }) });
  const env = {
    ...testEnvironment(home, 'http://127.0.0.1:9'),
    TELEGRAM_API_ROOT: fake.url,
    TELEGRAM_BOT_TOKEN: token,
  };
  try {
    const first = spawnGateway(env, home);
    await first.url;
    first.child.kill('SIGTERM');
    await first.exited;
    const texts = Array.from({ length: 30 }, (_, n) => `result ${n}`);
    for (const text of texts) addDelivery(home, { text });
    for (const enough of [5, 12, 20, 33]) {
      const life = spawnGateway(env, home);
      try {
        await fake.waitUntil(
          () => fake.messages.length >= enough || fake.textsIn(42).at(-1) === texts.at(-1),
        );
      } finally {
        life.child.kill('SIGKILL');
        await once(life.child, 'exit');
      }
    }
    // At each death one message was on its way: that one alone may have come twice.
    expect([...new Set(fake.textsIn(42))]).toEqual(texts);
    expect(fake.messages.length).toBeLessThanOrEqual(texts.length + 3);
    expect(fake.textsIn(42)).toEqual(
      fake.textsIn(42).toSorted((a, b) => numberIn(a) - numberIn(b)),
    );
  } finally {
    await fake.close();
    await rm(home, { recursive: true });
  }
});

const numberIn = (text: string): number => Number(text.split(' ')[1]);
