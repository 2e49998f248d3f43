import { createClient } from '@mini-claude-bot/client';
import { GatewayError, operations, type TurnEvent } from '@mini-claude-bot/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { OperationBinder } from './bind.ts';
import { answerErrors } from './error-answers.ts';
import { acceptJson } from './json-body.ts';

let app: FastifyInstance;
let binder: OperationBinder;
beforeEach(() => {
  app = Fastify({ forceCloseConnections: true });
  acceptJson(app);
  answerErrors(app, 10);
  binder = new OperationBinder(app, new TestClock());
});
afterEach(() => app.close());

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
