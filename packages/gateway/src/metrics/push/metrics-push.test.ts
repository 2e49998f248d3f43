import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestClock } from '../../host/test-clock.ts';
import { MetricsPush, type PushParts } from './metrics-push.ts';
import { canaryMetrics } from './test-canary.ts';

const secret = 'the-secret-of-the-dashboard';

let server: Server;
let url: string;
let requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
let answer: (response: ServerResponse) => void;
let clock: TestClock;
let logged: string;
let ended: boolean[];
let push: MetricsPush;

beforeEach(async () => {
  requests = [];
  answer = (response) => response.writeHead(200).end('{"ok":true}');
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      requests.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/push`;
  clock = new TestClock();
  logged = '';
  ended = [];
  push = make();
});
afterEach(async () => {
  await push.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const make = (parts: Partial<PushParts> = {}): MetricsPush =>
  new MetricsPush({
    collect: async () => canaryMetrics(),
    url,
    secret,
    publicFields: [],
    onEnded: ({ pushed }) => ended.push(pushed),
    clock,
    random: () => 1,
    logger: pino(
      new Writable({
        write(chunk, _encoding, done) {
          logged += String(chunk);
          done();
        },
      }),
    ),
    ...parts,
  });

/** Let each pause between two attempts pass as soon as it has begun. */
async function whilePausing<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const result = work.finally(() => {
    over = true;
  });
  while (!over) {
    if (clock.pending > 0 && requests.length > 0) clock.advance(8_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return result;
}

test('what is public is sent, with the secret', async () => {
  expect(await push.pushNow()).toMatchObject({ pushed: true, attempts: 1 });
  expect(requests).toHaveLength(1);
  expect(requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
  });
  const body: unknown = JSON.parse(requests[0]?.body ?? '');
  expect(body).toMatchObject({ timestamp: '2026-11-27T12:00:00.000Z', memory: { count: 1 } });
  expect(requests[0]?.body).not.toContain('canary-memory');
  expect(ended).toEqual([true]);
  expect(clock.pending).toBe(0);
});

test('what the owner makes public is sent too', async () => {
  push = make({ publicFields: ['memory.items.key'] });
  await push.pushNow();
  expect(requests[0]?.body).toContain('canary-memory-key');
  expect(requests[0]?.body).not.toContain('canary-memory-content');
});

test('a dashboard that fails is tried again until it takes them', async () => {
  answer = (response) => response.writeHead(requests.length < 3 ? 503 : 200).end();
  expect(await whilePausing(push.pushNow())).toMatchObject({ pushed: true, attempts: 3 });
  expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
});

test('one that goes on failing is given up, and that is logged without the secret', async () => {
  answer = (response) => response.writeHead(500).end(`you sent ${secret}`);
  const result = await whilePausing(push.pushNow());
  expect(result).toMatchObject({ pushed: false, attempts: 5 });
  expect(result.detail).toContain('you sent …');
  expect(logged).toContain('not pushed');
  expect(logged + JSON.stringify(result)).not.toContain(secret);
  expect(ended).toEqual([false]);
});

test('a refusal is final', async () => {
  answer = (response) => response.writeHead(401).end();
  expect(await push.pushNow()).toMatchObject({ pushed: false, attempts: 1 });
});

test('the secret goes nowhere else, wherever the address leads', async () => {
  answer = (response) =>
    response.writeHead(307, { location: url.replace('/api/push', '/elsewhere') }).end();
  expect(await push.pushNow()).toMatchObject({ pushed: false, attempts: 1 });
  expect(requests).toHaveLength(1);
});

test('a dashboard that does not answer in time is one that is not there', async () => {
  answer = () => {};
  const result = push.pushNow();
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  answer = (response) => response.writeHead(200).end();
  clock.advance(15_000);
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  expect(await whilePausing(result)).toMatchObject({ pushed: true, attempts: 2 });
});

test('who asks meanwhile gets the same push', async () => {
  const [one, other] = await Promise.all([push.pushNow(), push.pushNow()]);
  expect(one).toBe(other);
  expect(requests).toHaveLength(1);
  await push.pushNow();
  expect(requests).toHaveLength(2);
});

test('the end of the gateway ends it', async () => {
  answer = (response) => response.writeHead(503).end();
  const result = push.pushNow();
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  await push.close();
  expect(await result).toMatchObject({ pushed: false });
  expect(clock.pending).toBe(0);
});

describe('without a variable nothing is sent, and it is said which', () => {
  test.each([
    ['DASHBOARD_PUSH_URL', { url: undefined }],
    ['METRICS_SECRET', { secret: undefined }],
  ])('%s', async (name, parts) => {
    push = make(parts);
    expect(push.configured).toBe(false);
    const result = await push.pushNow();
    expect(result).toMatchObject({ pushed: false, attempts: 0 });
    expect(result.detail).toContain(name);
    expect(requests).toEqual([]);
  });
});

test('an address with a password in it is not used, and not told', async () => {
  const withPassword = make({ url: url.replace('http://', 'http://me:hush-hush@') });
  const result = await withPassword.pushNow();
  expect(result).toMatchObject({ pushed: false, attempts: 0 });
  expect(result.detail).toContain('DASHBOARD_PUSH_URL');
  expect(JSON.stringify(result) + logged).not.toContain('hush');
  expect(requests).toEqual([]);
});
