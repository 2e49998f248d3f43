import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations } from '@mini-claude-bot/contract';
import { startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { startTestGateway, type TestGateway, testEnvironment } from './support/test-gateway.ts';
import {
  type OtlpSpan,
  startTraceCollector,
  type TraceCollector,
} from './support/trace-collector.ts';

const key = 'key-of-the-collector';
const slow = 60_000;

let collector: TraceCollector;
let telegram: FakeTelegram;
let gateway: TestGateway;
beforeAll(async () => {
  collector = await startTraceCollector(key);
  telegram = await startFakeTelegram();
  gateway = await startTestGateway({
    env: {
      TELEGRAM_API_ROOT: telegram.url,
      GATEWAY_MIN_FREE_MB: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${key}`,
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await telegram.close();
  await collector.close();
});

const spansOf = (traceId: string): readonly OtlpSpan[] =>
  collector.spans.filter((span) => span.traceId === traceId);

/** Of one span its ancestors' names, from the trace's first. */
const wayTo = (span: OtlpSpan): string[] => {
  const parent = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent === undefined ? [] : wayTo(parent)), span.name];
};

const traceparent = (traceId: string): Record<string, string> => ({
  traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  'content-type': 'application/json',
});

const post = (path: string, traceId: string, body: unknown) =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: traceparent(traceId),
    body: JSON.stringify(body),
  });

test(
  'a request, its turn, its process and its delivery are one trace, without a word of what was said',
  async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await post('/api/gateway/send', traceId, {
      chat_id: '7001',
      user_id: 'canary-user',
      message: 'canary-message [[text:canary-answer]]',
    });
    await post(operations.startTask.path, traceId, {
      chat_id: '7001',
      message: 'canary-task [[text:canary-result]]',
      bot_token: '7:canary-token',
    });
    await telegram.waitUntil(() => telegram.textsIn('7001').length === 1);
    const spans = await eventually('the spans have come', () => {
      const found = spansOf(traceId);
      return found.some(({ name }) => name === 'delivery') && found.length >= 7 && found;
    });
    expect(collector.faults).toEqual([]);
    expect(collector.resources[0]).toMatchObject({ 'service.name': 'mini-claude-bot' });
    const ways = spans.map((span) => wayTo(span).join(' > ')).toSorted();
    const request = `POST ${operations.startTask.path}`;
    expect(ways).toEqual(
      [
        'POST /api/gateway/send',
        'POST /api/gateway/send > turn',
        'POST /api/gateway/send > turn > claude process',
        request,
        `${request} > turn`,
        `${request} > turn > claude process`,
        `${request} > turn > delivery`,
      ].toSorted(),
    );
    const one = (name: string) => spans.find((span) => span.name === name);
    expect(one('POST /api/gateway/send')).toMatchObject({
      parentSpanId: '00f067aa0ba902b7',
      kind: 2,
      attributes: { 'http.response.status_code': 200, 'http.route': '/api/gateway/send' },
    });
    expect(one('turn')?.attributes).toMatchObject({
      'mcb.turn.state': 'completed',
      'gen_ai.usage.output_tokens': expect.any(Number),
    });
    expect(one('claude process')).toMatchObject({
      attributes: { 'process.pid': expect.any(Number), 'mcb.process.warm': false },
      events: ['admitted', 'ready', 'first text'].map((name) => expect.objectContaining({ name })),
    });
    expect(one('delivery')).toMatchObject({ attributes: { 'mcb.delivery.state': 'delivered' } });
    const said = collector.bodies.join('');
    for (const secret of ['canary', '7001', key, gateway.home]) expect(said).not.toContain(secret);
  },
  slow,
);

test(
  'a turn that waits over a restart stays in its trace',
  async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const begun = post('/api/gateway/send', 'b7ad6b71692033310af7651916cd43dd', {
      chat_id: '2',
      message: 'first [[hang]]',
    }).catch(() => {});
    await gateway.fake.waitForRequest(
      ({ conversation }) => conversation?.prompt.includes('first') === true,
    );
    const waiting = post('/api/gateway/send', traceId, {
      chat_id: '2',
      message: 'second [[text:done]]',
    }).catch(() => {});
    await eventually('it waits', async () => {
      const turns = await gateway.client.call(operations.listTurns, { chat_id: '2' });
      return turns.length === 2;
    });
    await gateway.restart();
    await Promise.all([begun, waiting]);
    await eventually('its turn has ended', () =>
      spansOf(traceId).some(
        ({ name, attributes }) => name === 'turn' && attributes['mcb.turn.state'] === 'completed',
      ),
    );
    expect(spansOf(traceId).map(({ name }) => name)).toContain('claude process');
  },
  slow,
);

test('what fails says by which code, and one that was refused has its status', async () => {
  const traceId = '5bf92f3577b34da6a3ce929d0e0e4736';
  await post('/api/gateway/send', traceId, { chat_id: '3', message: '[[status:401]]' });
  const refused = '6bf92f3577b34da6a3ce929d0e0e4736';
  await post('/api/gateway/send', refused, { nonsense: true });
  await eventually('both have come', () => spansOf(traceId).length >= 3 && spansOf(refused).length);
  const turn = spansOf(traceId).find(({ name }) => name === 'turn');
  expect(turn).toMatchObject({ status: { code: 2 }, attributes: { 'mcb.turn.state': 'failed' } });
  expect(spansOf(refused)).toMatchObject([
    { name: 'POST /api/gateway/send', attributes: { 'http.response.status_code': 422 } },
  ]);
});

test(
  'the program that is installed traces too, and ends though nobody takes its traces',
  async () => {
    const home = scratchDirectory();
    const fake = await startFakeAnthropic();
    const before = collector.spans.length;
    const start = (OTEL_EXPORTER_OTLP_ENDPOINT: string) =>
      spawnGateway(
        {
          ...testEnvironment(home, fake.url),
          LOG_LEVEL: 'info',
          OTEL_EXPORTER_OTLP_ENDPOINT,
          OTEL_EXPORTER_OTLP_HEADERS: `x-key=${key}`,
          OTEL_SERVICE_NAME: 'my-bot',
        },
        home,
      );
    try {
      for (const endpoint of [`${collector.url}/`, 'http://127.0.0.1:9']) {
        const gateway = start(endpoint);
        await fetch(`${await gateway.url}/api/gateway/sessions`);
        gateway.child.kill('SIGTERM');
        expect(await gateway.exited).toMatchObject({ code: 0 });
        expect(gateway.stderr()).not.toContain(key);
      }
      expect(collector.spans.slice(before)).toContainEqual(
        expect.objectContaining({ name: 'GET /api/gateway/sessions' }),
      );
      expect(collector.resources.at(-1)).toMatchObject({ 'service.name': 'my-bot' });
      expect(collector.faults).toEqual([]);
    } finally {
      await fake.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  slow,
);

test('what it needs is in a file of its own, which nothing loads without an address', () => {
  const dist = fileURLToPath(new URL('../packages/gateway/dist/', import.meta.url));
  const texts = readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .map((name) => [name, readFileSync(join(dist, name), 'utf8')] as const);
  const having = (words: RegExp) =>
    texts.filter(([, text]) => words.test(text)).map(([name]) => name);
  expect(having(/BatchSpanProcessor/)).toEqual([expect.stringMatching(/^otel-tracer-/)]);
  expect(having(/import\("\.\/otel-tracer-/)).toEqual([expect.stringMatching(/^app-/), 'main.js']);
  expect(having(/from "\.\/otel-tracer-/)).toEqual([]);
});
