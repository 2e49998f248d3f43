import { createClient } from '@mini-claude-bot/client';
import { BotId, type LiveEvent, operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDelivery } from './support/add-delivery.ts';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { GATEWAY_MAX_STREAMS: '3' } });
});
afterAll(() => gateway.stop());

/** Somebody who follows; all that they have heard. */
async function follower(token?: string) {
  const heard: LiveEvent[] = [];
  const gone = new AbortController();
  const client = createClient({ baseUrl: gateway.url, token });
  const over = (async () => {
    for await (const event of client.stream(operations.followChanges, {}, gone.signal))
      heard.push(event);
  })().catch((error: unknown) => error);
  await eventually('it begins', () => heard[0]?.topic === 'ready');
  return {
    heard,
    over,
    leave: () => {
      gone.abort();
      return over;
    },
    hears: (event: object) =>
      eventually(`${JSON.stringify(event)} is heard`, () =>
        heard.some((one) => JSON.stringify({ ...one, ...event }) === JSON.stringify(one)),
      ),
  };
}

test('what a chat does is heard, down to its process', async () => {
  const { heard, hears, leave } = await follower();
  await gateway.client.call(operations.sendMessage, { chat_id: 'c', message: '[[text:hi]]' });
  const [turn] = await gateway.client.call(operations.listTurns, {});
  await hears({ topic: 'turns', bot_id: 'default', chat_id: 'c', id: turn?.id });
  await hears({ topic: 'chats', bot_id: 'default', chat_id: 'c', id: 'gw-default-c' });
  await hears({ topic: 'status' });
  heard.length = 0;
  await gateway.client.call(operations.stopChat, { chat_id: 'c' });
  await hears({ topic: 'chats', bot_id: 'default', chat_id: 'c' });
  await leave();
});

describe('everything else that a page shows', () => {
  const cases: readonly [string, () => Promise<unknown>, object][] = [
    [
      'a message from elsewhere',
      () =>
        gateway.client.call(operations.addChatMessage, {
          session_id: 'other',
          role: 'user',
          content: 'hi',
        }),
      { topic: 'chats', bot_id: 'default', id: 'other' },
    ],
    [
      'a memory',
      () => gateway.client.call(operations.addMemory, { key: 'k', content: 'c' }),
      { topic: 'memory', bot_id: 'default', id: '1' },
    ],
    [
      'a task',
      () => gateway.client.call(operations.startTask, { chat_id: 't', message: '[[text:done]]' }),
      { topic: 'tasks', bot_id: 'default', chat_id: 't' },
    ],
    [
      'a job, and its run',
      async () => {
        const { id } = await gateway.client.call(operations.createCronJob, {
          name: 'n',
          cron_expression: '@yearly',
          command: 'echo hi',
        });
        await gateway.client.call(operations.runCronJob, { job_id: id });
      },
      { topic: 'cron', bot_id: 'default', id: '1' },
    ],
    ['figures', () => gateway.client.call(operations.refreshMetrics, {}), { topic: 'status' }],
  ];
  test.each(cases)('%s', async (_what, act, event) => {
    const { hears, leave } = await follower();
    await act();
    await hears(event);
    await leave();
  });

  test('a delivery that is tried again', async () => {
    const id = addDelivery(gateway.home, { dead: true });
    const { hears, leave } = await follower();
    await gateway.client.call(operations.retryDelivery, { delivery_id: id });
    await hears({ topic: 'deliveries', bot_id: 'default', id });
    await leave();
  });
});

test('who speaks for one bot hears of that one', async () => {
  const asked = { name: 'hero', bot_id: BotId.parse('hero') };
  const { token } = await gateway.client.call(operations.createToken, asked);
  const { heard, hears, leave } = await follower(token);
  for (const bot_id of ['villain', 'hero'])
    await gateway.client.call(operations.addMemory, { key: 'x', content: 'c', bot_id });
  await hears({ topic: 'memory', bot_id: 'hero' });
  expect(heard.slice(1).every((event) => 'bot_id' in event && event.bot_id === 'hero')).toBe(true);
  const foreign = await fetch(`${gateway.url}/api/events?bot_id=villain`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(foreign.status).toBe(403);
  await leave();
});

test('it ends with the token', async () => {
  const { token } = await gateway.client.call(operations.createToken, { name: 'short' });
  const { over } = await follower(token);
  await gateway.client.call(operations.revokeToken, { name: 'short' });
  expect(await over).toBeInstanceOf(Error);
});

test('streams of changes count as streams', async () => {
  const open = await Promise.all([follower(), follower(), follower()]);
  expect((await fetch(`${gateway.url}/api/events`)).status).toBe(429);
  for (const { leave } of open) await leave();
  await eventually('there is room again', async () => {
    const response = await fetch(`${gateway.url}/api/events`);
    await response.body?.cancel();
    return response.status === 200;
  });
});

test('another start of the gateway has another name', async () => {
  const before = await follower();
  await gateway.restart();
  await before.over;
  const after = await follower();
  expect(after.heard[0]).not.toEqual(before.heard[0]);
  await after.leave();
});
