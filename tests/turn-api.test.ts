import { operations, type Turn } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { openNumbered } from './support/numbered-stream.ts';
import { openStream, readStream, rest, textOf } from './support/stream.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.stop());

const send = async (message: string, more: object = {}): Promise<string> =>
  (await gateway.client.call(operations.sendMessage, { chat_id: '1', message, ...more })).response;

const turns = (filter: object = {}) => gateway.client.call(operations.listTurns, filter);

const idIn = async (
  events: AsyncGenerator<{ type: string; content: string }>,
): Promise<Turn['id']> => {
  const first = await events.next();
  return first.value.content;
};

test('a key makes a message one turn, whatever is sent with it, also after a restart', async () => {
  expect(await send('[[text:once]]', { idempotency_key: 'k' })).toBe('once');
  expect(await send('[[text:once]]', { idempotency_key: 'k' })).toBe('once');
  await gateway.restart();
  expect(await send('[[text:once]]', { idempotency_key: 'k' })).toBe('once');
  const response = await fetch(`${gateway.url}/api/gateway/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'Idempotency-Key': 'k' },
    body: JSON.stringify({ chat_id: '1', message: '[[text:twice]]' }),
  });
  expect(await response.json()).toMatchObject({ response: 'once' });
  expect(
    textOf(await readStream(gateway.url, { chat_id: '1', message: 'x', idempotency_key: 'k' })),
  ).toBe('once');
  expect(await turns()).toHaveLength(1);
  expect(await send('[[text:other chat]]', { chat_id: '2', idempotency_key: 'k' })).toBe(
    'other chat',
  );
  expect(
    (await gateway.post('/api/gateway/send', { chat_id: '1', message: 'x', idempotency_key: '' }))
      .status,
  ).toBe(422);
});

test('the same key at the same time is one turn with one answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => send('[[slow:20]] [[words:10]]', { idempotency_key: 'same' })),
  );
  expect(new Set(answers).size).toBe(1);
  expect(await turns()).toHaveLength(1);
});

test('turns are listed with what became of them', async () => {
  await send('[[text:hello]]');
  await send('[[status:413]]');
  const [failed, completed] = await turns();
  expect(completed).toMatchObject({
    bot_id: 'default',
    chat_id: '1',
    lane: 'main',
    origin: 'chat',
    state: 'completed',
    message: '[[text:hello]]',
    response: 'hello',
    error: null,
    attempts: 1,
    usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
    cost_usd: expect.any(Number),
  });
  expect(completed?.cost_usd).toBeGreaterThan(0);
  expect(completed?.finished_at).toBeGreaterThanOrEqual(
    completed?.queued_at ?? Number.POSITIVE_INFINITY,
  );
  expect(failed).toMatchObject({ state: 'failed', error: 'prompt_too_long' });
  expect(await gateway.client.call(operations.getTurn, { turn_id: completed?.id ?? '' })).toEqual(
    completed,
  );
});

test('turns are filtered and paged', async () => {
  for (const n of [1, 2, 3]) await send(`[[text:${n}]]`);
  await send('[[text:x]]', { chat_id: '2', bot_id: 'other' });
  expect((await turns({ bot_id: 'other' })).map(({ response }) => response)).toEqual(['x']);
  const first = await turns({ chat_id: '1', limit: 2 });
  expect(first.map(({ response }) => response)).toEqual(['3', '2']);
  const next = await turns({ chat_id: '1', limit: 2, before: first[1]?.id });
  expect(next.map(({ response }) => response)).toEqual(['1']);
  expect(await turns({ state: 'running' })).toEqual([]);
  for (const bad of ['limit=0', 'limit=501', 'state=done', 'before=x', 'bot_id=a%2fb']) {
    expect((await gateway.get(`/api/gateway/turns?${bad}`)).status, bad).toBe(422);
  }
});

test('a turn that is not there is not found', async () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  for (const path of [`turns/${unknown}`, `turns/${unknown}/events`]) {
    expect((await gateway.get(`/api/gateway/${path}`)).status).toBe(404);
  }
  expect((await gateway.post(`/api/gateway/turns/${unknown}/cancel`)).status).toBe(404);
  expect((await gateway.get('/api/gateway/turns/not-an-id')).status).toBe(422);
});

test('one turn is cancelled while the others go on', async () => {
  const running = await openStream(gateway.url, {
    chat_id: '1',
    message: '[[text:Half]] [[hang-mid]]',
  });
  const waiting = await openStream(gateway.url, { chat_id: '1', message: '[[text:never]]' });
  const last = await openStream(gateway.url, { chat_id: '1', message: '[[history]]' });
  const [first, second, third] = [running.events(), waiting.events(), last.events()];
  const [runningId, waitingId] = [await idIn(first), await idIn(second)];
  for await (const event of first) if (event.type === 'text') break;
  const cancel = (turn_id: string) => gateway.client.call(operations.cancelTurn, { turn_id });
  expect(await cancel(waitingId)).toEqual({ cancelled: true, state: 'stopped' });
  expect(await cancel(waitingId)).toEqual({ cancelled: false, state: 'stopped' });
  expect((await rest(second)).at(-1)).toEqual({
    type: 'done',
    content: '(stopped)',
    stopped: true,
  });
  expect(await cancel(runningId)).toEqual({ cancelled: true, state: 'stopped' });
  const answered = await rest(third);
  // Its place was told, and told again as it moved up.
  const places = answered.flatMap((event) => (event.type === 'queued' ? [event.position] : []));
  expect(places).toEqual([2, 1]);
  expect(textOf(answered)).not.toContain('never');
  expect(answered.at(-1)?.type).toBe('done');
});

test('what a turn put into the background ends when it is cancelled, and the chat goes on', async () => {
  await gateway.client.call(operations.sendMessage, { chat_id: '1', message: 'Tea. [[text:ok]]' });
  const stream = await openStream(gateway.url, {
    chat_id: '1',
    message: `[[bash:(setsid sleep 3600 >/dev/null 2>&1 &)]] [[/]] [[text:Half]] [[hang-mid]]`,
  });
  const events = stream.events();
  const id = await idIn(events);
  for await (const event of events) if (event.type === 'text') break;
  // Claude itself, and what it started.
  expect(await markedProcesses(gateway.home)).toHaveLength(2);
  const cancelled = await gateway.client.call(operations.cancelTurn, { turn_id: id });
  expect(cancelled).toEqual({ cancelled: true, state: 'stopped' });
  expect(await markedProcesses(gateway.home)).toEqual([]);
  expect(await send('[[history]]')).toContain('Tea.');
});

test.each(['while it runs', 'after it has ended', 'after a restart'])(
  'a reader that comes back %s misses nothing, and sees nothing twice',
  async (when) => {
    const message = '[[think:hm hm]] [[slow:10]] [[words:60]]';
    const stream = await openStream(gateway.url, { chat_id: '1', message });
    const id = await idIn(stream.events());
    const first = await openNumbered(gateway.url, id);
    const seen = await first.take(20);
    const last = seen.at(-1)?.id;
    if (when !== 'while it runs') {
      await eventually(
        'it has ended',
        async () => (await turns({ state: 'completed' })).length === 1,
      );
    }
    if (when === 'after a restart') await gateway.restart();
    const second = await openNumbered(gateway.url, id, last);
    const more = await second.all();
    const events = [...seen, ...more].map(({ event }) => event);
    const [turn] = await turns();
    expect(textOf(events)).toBe(turn?.response);
    expect(events.at(-1)).toEqual({ type: 'done', content: turn?.response });
    if (when === 'after a restart') {
      expect(more[0]?.event.type).toBe('restart');
    } else {
      const whole = await (await openNumbered(gateway.url, id)).all();
      expect([...seen, ...more]).toEqual(whole);
    }
  },
);

test('an event of several lines can be left between any two of them', async () => {
  // Not streamed, so that it comes in one piece.
  await send(`[[times:1]] [[malformed]] [[text:${'汉字'.repeat(5_000)}]]`);
  const [turn] = await turns();
  const id = turn?.id ?? '';
  const whole = await (await openNumbered(gateway.url, id)).all();
  const pieces = whole.slice(-5);
  expect(new Set(pieces.slice(0, 3).map((piece) => piece.id?.split('.')[0])).size).toBe(1);
  for (const { id: left } of pieces) {
    const more = await (await openNumbered(gateway.url, id, left)).all();
    expect(more).toEqual(whole.slice(whole.findIndex((piece) => piece.id === left) + 1));
  }
});

test('a strange Last-Event-ID begins anew, and says so', async () => {
  await send('[[text:hello]]');
  const [turn] = await turns();
  for (const strange of ['zzz-5.0', 'stored-1.0']) {
    const events = (await (await openNumbered(gateway.url, turn?.id ?? '', strange)).all()).map(
      ({ event }) => event,
    );
    expect(events[0]?.type).toBe('restart');
    expect(textOf(events)).toBe('hello');
  }
});
