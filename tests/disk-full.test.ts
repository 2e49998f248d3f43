import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { operations, type TurnEvent } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from './support/small-disk.ts';
import { openStream, rest } from './support/stream.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const why = whyNoSmallDisk();

describe.skipIf(why !== undefined)(`a full disk${why === undefined ? '' : ` (${why})`}`, () => {
  const plenty = 2 ** 40;
  let disk: SmallDisk;
  let gateway: TestGateway;
  let free: number;
  /** How often a turn has asked for memory: it is stored as begun by then. */
  let looks: number;
  beforeEach(async () => {
    disk = mountSmallDisk();
    free = plenty;
    looks = 0;
    gateway = await startTestGateway({
      env: {
        DATABASE_PATH: databaseFile(),
        GATEWAY_SESSION_DIR: join(disk.path, 'sessions'),
        GATEWAY_MAX_CLAUDE_PROCESSES: '1',
      },
      freeMemory: async () => {
        looks += 1;
        return free;
      },
    });
  });
  afterEach(async () => {
    await gateway.stop();
    disk.unmount();
  });

  const databaseFile = (): string => join(disk.path, 'gateway.db');

  const send = async (chat_id: string, message: string, more: object = {}): Promise<string> =>
    (await gateway.client.call(operations.sendMessage, { chat_id, message, ...more })).response;

  const turnsOf = (chat_id: string) => gateway.client.call(operations.listTurns, { chat_id });

  const historyOf = async (chat: string) =>
    (
      await gateway.client.call(operations.getChatSession, { session_id: `gw-default-${chat}` })
    ).map(({ role, content }) => `${role}: ${content}`);

  /** The file is sound, and each turn has ended once, with its two rows. */
  function expectWhole(): void {
    const database = new Sqlite(databaseFile(), { readonly: true });
    try {
      const rows = (sql: string) => database.prepare(sql).pluck().all();
      expect(rows('PRAGMA integrity_check')).toEqual(['ok']);
      expect(rows('PRAGMA foreign_key_check')).toEqual([]);
      expect(rows("SELECT id FROM turns WHERE state IN ('queued', 'running')")).toEqual([]);
      const ofTurns =
        'SELECT user_message_id FROM turns UNION ALL SELECT answer_message_id FROM turns';
      expect(rows(`${ofTurns} ORDER BY 1`)).toEqual(
        rows("SELECT id FROM chat_messages WHERE session_id LIKE 'gw-%' ORDER BY id"),
      );
    } finally {
      database.close();
    }
  }

  test('what can not be stored is refused in words, wholly, until there is room again', async () => {
    await send('known', '[[text:before]]');
    disk.fill();
    const message = (chat_id: string) => ({ chat_id, message: '[[text:hello]]' });
    const row = { session_id: 'notes', role: 'user', content: 'x'.repeat(5_000) };
    const calls: [string, object][] = [
      ['/api/gateway/send', message('known')],
      ['/api/gateway/send', message('new')],
      ['/api/gateway/send-stream', message('known')],
      ['/api/gateway/send-stream', message('new')],
      ['/api/gateway/send-background', message('known')],
      ['/api/gateway/send-background', message('new')],
      ['/api/gateway/nirmana', { chat_id: 'known', action: 'away' }],
      ['/api/chat/messages', row],
    ];
    for (const [path, body] of calls) {
      expect(await gateway.post(path, body), path).toEqual({
        status: 503,
        body: { detail: expect.stringMatching(/^The database cannot be written/) },
      });
      // Well until it has looked after itself, and in trouble from then on: it answers.
      expect([200, 503]).toContain((await gateway.get('/api/health')).status);
    }
    // What there was can still be read, and there is no more than that.
    expect(await historyOf('known')).toEqual(['user: [[text:before]]', 'assistant: before']);
    expect(await gateway.client.call(operations.listChatSessions, {})).toHaveLength(1);
    expect(await gateway.client.call(operations.listSessions, {})).toHaveLength(1);
    expect(await gateway.client.call(operations.listTurns, {})).toHaveLength(1);
    expect(await gateway.client.call(operations.listTasks, {})).toEqual([]);
    expect(readdirSync(join(disk.path, 'sessions', 'default'))).toEqual(['known']);
    expect(gateway.fake.requests.filter(({ conversation }) => conversation?.prompt)).toHaveLength(
      1,
    );

    disk.makeRoom();
    expect(await send('known', '[[history]]')).toContain('[[text:before]]');
    expect(await send('new', '[[text:hello]]')).toBe('hello');
    expect((await gateway.post('/api/chat/messages', row)).status).toBe(201);
    expectWhole();
  });

  test('a turn that runs goes on, its reader gets the answer, and it is stored when there is room', async () => {
    const message = '[[slow:20]] [[words:40]]';
    const key = { idempotency_key: 'k' };
    const stream = await openStream(gateway.url, { chat_id: '1', message, ...key });
    const seen: TurnEvent[] = [];
    let full = false;
    for await (const event of stream.events()) {
      seen.push(event);
      if (event.type !== 'text' || full) continue;
      full = true;
      disk.fill();
    }
    const last = seen.at(-1);
    expect(last).toEqual({ type: 'done', content: expect.any(String) });
    expect(last?.content.split(' ')).toHaveLength(40);
    expect(await turnsOf('1')).toMatchObject([{ state: 'running' }]);
    expect((await gateway.post('/api/gateway/send', { chat_id: '1', message })).status).toBe(503);
    // The one that asks again for the same turn gets its answer, though that is not stored yet.
    expect(await send('1', message, key)).toBe(last?.content);

    disk.makeRoom();
    expect(await send('1', '[[text:next]]')).toBe('next');
    // Told in the order in which it was said.
    expect(await historyOf('1')).toEqual([
      `user: ${message}`,
      `assistant: ${last?.content}`,
      'user: [[text:next]]',
      'assistant: next',
    ]);
    expect(await turnsOf('1')).toMatchObject([{ state: 'completed' }, { state: 'completed' }]);
    expectWhole();
  });

  test('an answer that is owed is stored though nobody asks for anything any more', async () => {
    const stream = await openStream(gateway.url, {
      chat_id: '1',
      message: '[[slow:20]] [[words:20]]',
    });
    const events = stream.events();
    for await (const event of events) if (event.type === 'text') break;
    disk.fill();
    await eventually('it ended', async () => {
      const status = await gateway.client.call(operations.queueStatus, { chat_id: '1' });
      return !status.busy;
    });
    disk.makeRoom();
    await eventually('it is stored', async () => (await turnsOf('1'))[0]?.state === 'completed');
    expectWhole();
  });

  test('a step of a background task whose end can not be stored is followed by the next when there is room', async () => {
    const chat_id = '1';
    const message = '[[slow:20]] [[words:40]] [[text:[HARNESS_BATCH_DONE:a:1/2]]]';
    await gateway.client.call(operations.startTask, { chat_id, message });
    const taskNow = async () => (await gateway.client.call(operations.listTasks, { chat_id }))[0];
    await gateway.fake.waitForRequest(
      ({ conversation, state }) => conversation?.prompt === message && state === 'streaming',
    );
    disk.fill();
    await eventually('no turn runs', async () => {
      const status = await gateway.client.call(operations.queueStatus, { chat_id });
      return status.slots_used === 0;
    });
    expect((await taskNow())?.state).toBe('running');
    disk.makeRoom();
    const task = await eventually('it came to its end', async () => {
      const now = await taskNow();
      return now?.state === 'completed' && now;
    });
    const { steps } = await gateway.client.call(operations.getTask, { task_id: task.id });
    expect(steps.map(({ kind, turn_state }) => [kind, turn_state])).toEqual([
      ['message', 'completed'],
      ['batch', 'completed'],
    ]);
    expect(await gateway.client.call(operations.listDeliveries, { chat_id })).toHaveLength(2);
    expectWhole();
  });

  test('a turn whose start can not be stored is not run, and says so', async () => {
    const first = await openStream(gateway.url, { chat_id: '1', message: '[[hang]]' });
    const second = await openStream(gateway.url, { chat_id: '2', message: '[[text:never]]' });
    await eventually('it runs', () => looks > 0);
    const [running] = await turnsOf('1');
    disk.fill();
    await gateway.client.call(operations.cancelTurn, { turn_id: running?.id ?? '' });
    expect((await rest(first.events())).at(-1)).toMatchObject({ type: 'done', stopped: true });
    expect((await rest(second.events())).at(-1)).toEqual({
      type: 'error',
      code: 'database_unavailable',
      content: expect.stringContaining('was not run'),
    });
    disk.makeRoom();
    expect(await send('2', '[[history]]')).not.toContain('never');
    expect((await turnsOf('1')).map(({ state }) => state)).toEqual(['stopped']);
    expect((await turnsOf('2')).map(({ state }) => state)).toEqual(['completed', 'refused']);
    expectWhole();
  });

  test('a conversation whose id could not be stored at first is not lost', async () => {
    free = 0;
    const stream = await openStream(gateway.url, { chat_id: '1', message: 'Tea. [[text:ok]]' });
    await eventually('it waits for memory', () => looks > 0);
    disk.fill();
    free = plenty;
    // Claude has answered: whatever could not be written, the message must not be sent once more.
    expect((await rest(stream.events())).at(-1)).toEqual({ type: 'done', content: 'ok' });
    disk.makeRoom();
    await gateway.client.call(operations.resetSession, { chat_id: '1' });
    expect(await send('1', '[[history]]')).toContain('Tea.');
    expectWhole();
  });

  test('filled by the gateway itself, it keeps all that was taken and nothing else', async () => {
    const taken: string[] = [];
    let status = 201;
    for (let n = 0; status === 201; n += 1) {
      const content = `${n} ${'x'.repeat(20_000)}`;
      const row = { session_id: 'notes', role: 'user', content };
      ({ status } = await gateway.post('/api/chat/messages', row));
      if (status === 201) taken.push(`user: ${content}`);
    }
    expect(status).toBe(503);
    const stored = async () =>
      (await gateway.client.call(operations.getChatSession, { session_id: 'notes' })).map(
        ({ role, content }) => `${role}: ${content}`,
      );
    expect(await stored()).toEqual(taken);
    disk.grow(16);
    expect(await send('1', '[[text:room again]]')).toBe('room again');
    await gateway.restart();
    expect(await stored()).toEqual(taken);
    expectWhole();
  });
});
