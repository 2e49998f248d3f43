import { createClient } from '@mini-claude-bot/client';
import { BotId, GatewayError, operations, type TurnEvent } from '@mini-claude-bot/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Audit } from '../audit/audit.ts';
import { AuditRepo } from '../audit/audit-repo.ts';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { OperationBinder } from './bind.ts';
import { type Caller, localOwner } from './caller.ts';
import { answerErrors } from './error-answers.ts';
import { acceptJson } from './json-body.ts';
import { createTestLog } from './test-log.ts';

let app: FastifyInstance;
let binder: OperationBinder;
let database: Database;
let audit: Audit;
let caller: Caller;
beforeEach(() => {
  app = Fastify({ forceCloseConnections: true });
  acceptJson(app);
  answerErrors(app, 10);
  database = openDatabase(':memory:');
  const clock = new TestClock();
  const secrets = new KnownSecrets(['secret-canary']);
  const { logger } = createTestLog();
  audit = new Audit({ repo: new AuditRepo(database), clock, logger, secrets });
  caller = localOwner;
  binder = new OperationBinder(app, { clock, audit, secrets, callerOf: () => caller });
});
afterEach(async () => {
  await app.close();
  database.close();
});

const listen = async () =>
  createClient({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }) });

test('a client reaches a handler with a parsed input, and gets its answer', async () => {
  const seen: unknown[] = [];
  binder.bind(operations.getChatSession, (input) => {
    seen.push(input);
    return [];
  });
  const client = await listen();
  const answer = await client.call(operations.getChatSession, { session_id: 'gw-a/b %', limit: 3 });
  expect(answer).toEqual([]);
  expect(seen).toEqual([{ session_id: 'gw-a/b %', limit: 3 }]);
});

test('the status is the one of the operation', async () => {
  binder.bind(operations.addChatMessage, () => ({ id: 7 }));
  const payload = { session_id: 's', role: 'user', content: 'c' };
  const answer = await app.inject({ method: 'POST', url: '/api/chat/messages', payload });
  expect(answer.statusCode).toBe(201);
  expect(answer.json()).toEqual({ id: 7 });
});

test('a handler is not called with a bad input', async () => {
  let called = false;
  binder.bind(operations.stopChat, () => {
    called = true;
    return { stopped: true };
  });
  const payload = { chat_id: '../x' };
  const answer = await app.inject({ method: 'POST', url: '/api/gateway/stop', payload });
  expect(answer.statusCode).toBe(422);
  expect(called).toBe(false);
});

test('what a handler throws is answered in the form of errors', async () => {
  binder.bind(operations.stopChat, async () => {
    throw new GatewayError('database_unavailable', 'The disk is full.');
  });
  const payload = { chat_id: '1' };
  const answer = await app.inject({ method: 'POST', url: '/api/gateway/stop', payload });
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({ detail: 'The disk is full.' });
});

test('it knows what is bound', () => {
  expect([...binder.bound]).toEqual([]);
  binder.bind(operations.ping, () => ({ status: 'ok' as const }));
  binder.bind(operations.reapSessions, () => ({ reaped: [], count: 0 }));
  expect([...binder.bound]).toEqual(['ping', 'reapSessions']);
});

test('events are streamed', async () => {
  const events: TurnEvent[] = [
    { type: 'text', content: 'a' },
    { type: 'done', content: 'a' },
  ];
  binder.bind(operations.streamMessage, () => ({
    events: async function* () {
      yield* events;
    },
    onLost: () => {},
  }));
  const client = await listen();
  const read: TurnEvent[] = [];
  const message = { chat_id: '1', message: 'hi' };
  for await (const event of client.stream(operations.streamMessage, message)) read.push(event);
  expect(read).toEqual(events);
});

describe('a caller that goes away before it has its answer', () => {
  test('is told to the handler', async () => {
    const controller = new AbortController();
    const lost = new Promise<void>((resolve) => {
      binder.bind(operations.stopChat, async (_input, { onAnswered }) => {
        onAnswered({ told: () => {}, lost: resolve });
        controller.abort();
        await lost;
        return { stopped: true };
      });
    });
    const client = await listen();
    const call = client.call(operations.stopChat, { chat_id: '1' }, controller.signal);
    await expect(call).rejects.toThrow();
    await lost;
  });

  test('one that has its answer is told apart', async () => {
    const outcomes: string[] = [];
    const closed = new Promise<void>((resolve) => {
      app.addHook('onResponse', (_request, reply, done) => {
        if (reply.raw.closed) resolve();
        else reply.raw.once('close', () => resolve());
        done();
      });
    });
    binder.bind(operations.stopChat, (_input, { onAnswered }) => {
      onAnswered({ told: () => outcomes.push('told'), lost: () => outcomes.push('lost') });
      return { stopped: true };
    });
    const client = await listen();
    await client.call(operations.stopChat, { chat_id: '1' });
    await closed;
    expect(outcomes).toEqual(['told']);
  });
});

describe('the audit', () => {
  const entries = () =>
    audit
      .list({ botId: undefined, before: undefined, limit: 10 })
      .map(({ caller: who, address, operation, kind, bot_id, about, outcome }) => ({
        ...{ who, address, operation, kind, bot_id, outcome },
        about: JSON.parse(about) as unknown,
      }));
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });

  test('has an entry before the deed, and its outcome after it', async () => {
    const before: unknown[] = [];
    binder.bind(operations.stopChat, () => {
      before.push(...entries());
      return { stopped: true };
    });
    await post('/api/gateway/stop', { chat_id: '7', bot_id: 'hero' });
    const entry = {
      ...{ who: 'loopback', address: '127.0.0.1', operation: 'stopChat', kind: 'deletes' },
      ...{ bot_id: 'hero', about: { chat_id: '7' } },
    };
    expect(before).toEqual([{ ...entry, outcome: null }]);
    expect(entries()).toEqual([{ ...entry, outcome: 'done' }]);
  });

  test.each([
    [new GatewayError('directory_unusable', 'x'), 'directory_unusable'],
    [new Error('x'), 'internal'],
  ])('tells that it failed', async (error, outcome) => {
    binder.bind(operations.stopChat, async () => {
      throw error;
    });
    await post('/api/gateway/stop', { chat_id: '7' });
    expect(entries()).toMatchObject([{ operation: 'stopChat', outcome }]);
  });

  test('tells of one who may not, though not of what was asked wrongly', async () => {
    caller = { name: 'of-hero', botId: BotId.parse('hero') };
    binder.bind(operations.stopChat, () => ({ stopped: true }));
    expect((await post('/api/gateway/stop', { chat_id: '7', bot_id: 'b' })).statusCode).toBe(403);
    expect((await post('/api/gateway/stop', { chat_id: '/' })).statusCode).toBe(422);
    expect(entries()).toMatchObject([{ who: 'of-hero', about: {}, outcome: 'forbidden' }]);
  });

  test('has the entry of what is stored from its handler, once', async () => {
    const messages = ['stored', 'repeated'];
    binder.bind(operations.sendMessage, ({ chat_id, message }, { onStored }) => {
      if (message === 'stored') onStored({ turn_id: 't' });
      return { response: '', session_key: chat_id };
    });
    for (const message of messages) {
      await post('/api/gateway/send', { chat_id: '7', message, user_id: 'u', username: 'n' });
    }
    expect(entries()).toMatchObject([
      { operation: 'sendMessage', about: { chat_id: '7', turn_id: 't' }, outcome: 'done' },
    ]);
  });

  test('has nothing of what only reads', async () => {
    binder.bind(operations.listSessions, () => []);
    await app.inject({ url: '/api/gateway/sessions' });
    expect(entries()).toEqual([]);
  });

  test('where it can not be written, nothing is done', async () => {
    let done = 0;
    binder.bind(operations.stopChat, () => {
      done += 1;
      return { stopped: true };
    });
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
    for (let n = 0; n < 100; n += 1) {
      const before = entries().length;
      const { statusCode } = await post('/api/gateway/stop', { chat_id: 'x'.repeat(200) });
      if (statusCode === 200) continue;
      expect(statusCode).toBe(503);
      expect(entries()).toHaveLength(before);
      expect(done).toBe(n);
      return;
    }
    throw new Error('the database never was full');
  });
});

test('a known secret is hidden in events', async () => {
  binder.bind(operations.streamMessage, () => ({
    events: async function* () {
      yield { type: 'done' as const, content: 'it is secret-canary' };
    },
    onLost: () => {},
  }));
  const payload = { chat_id: '1', message: 'hi' };
  const answer = await app.inject({ method: 'POST', url: '/api/gateway/send-stream', payload });
  expect(answer.payload).toContain('it is [hidden]');
});
