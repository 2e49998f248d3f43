import { request } from 'node:http';
import { maxLineBytes } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { openStream, rest, textOf } from './support/stream.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

test('each delta of the model is an event of its own', async () => {
  const stream = await openStream(gateway.url, {
    chat_id: 'deltas',
    message: '[[words:100]] [[slow:2]]',
  });
  const events = await rest(stream.events());
  const sent = gateway.fake.requests.at(-1)?.deltas ?? 0;
  expect(events.filter(({ type }) => type === 'text' || type === 'thinking')).toHaveLength(sent);
  expect(events.at(-1)).toEqual({ type: 'done', content: textOf(events) });
});

test('it is a stream of events that proxies leave alone', async () => {
  const stream = await openStream(gateway.url, { chat_id: 'headers', message: '[[text:hi]]' });
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform');
  await rest(stream.events());
  const form = /^(data: \{"type":"[a-z]+","content":.*\}|)$/;
  expect(stream.lines.filter((line) => !form.test(line))).toEqual([]);
});

test.each([
  ['that does not fit in one line', 15_000, false],
  ['that just fits', 8_000, true],
])('a reply %s comes whole', async (_what, words, fits) => {
  const stream = await openStream(gateway.url, {
    chat_id: `long-${words}`,
    message: `[[words:${words}]]`,
  });
  const events = await rest(stream.events());
  expect(stream.lines.every((line) => Buffer.byteLength(line) < maxLineBytes)).toBe(true);
  expect(events.at(-1)?.type).toBe(fits ? 'done' : 'text');
  const answer = await gateway.get(`/api/chat/sessions/gw-default-long-${words}?limit=1`);
  expect(answer.body).toMatchObject([{ content: textOf(events) }]);
});

test('a reply in one piece of many bytes is cut into lines that clients can read', async () => {
  const text = '汉"\\字'.repeat(20_000);
  const stream = await openStream(gateway.url, {
    chat_id: 'piece',
    message: `[[chunk:1000000]] [[text:${text}]]`,
  });
  const events = await rest(stream.events());
  expect(stream.lines.every((line) => Buffer.byteLength(line) < maxLineBytes)).toBe(true);
  expect(textOf(events)).toBe(text);
});

test('many readers of one chat each get their own answers', async () => {
  const words = Array.from({ length: 8 }, (_, n) => `answer-${n}`);
  const streams = await Promise.all(
    words.map((word) => openStream(gateway.url, { chat_id: 'many', message: `[[text:${word}]]` })),
  );
  const answers = await Promise.all(
    streams.map(async (stream) => textOf(await rest(stream.events()))),
  );
  expect(answers.toSorted()).toEqual(words);
});

test('a reader that takes nothing holds up nobody, and its answer is stored', async () => {
  const body = JSON.stringify({ chat_id: 'stuck-reader', message: '[[words:40000]]' });
  const stuck = request(`${gateway.url}/api/gateway/send-stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  // The answer is never read: its socket fills up.
  stuck.on('response', (response) => response.pause());
  stuck.on('error', () => {});
  stuck.end(body);
  await eventually('the whole answer is stored', async () => {
    const { body } = await gateway.get('/api/chat/sessions/gw-default-stuck-reader');
    return Array.isArray(body) && body.length === 2;
  });
  stuck.destroy();
});
