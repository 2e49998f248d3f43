import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isEndless } from '../support/endless.ts';
import { eventually } from '../support/eventually.ts';
import { noClaude } from '../support/no-claude.ts';
import { openRequest, openSocket, rawRequest, readToEnd } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    env: {
      ...noClaude,
      GATEWAY_MAX_BODY_MB: '1',
      GATEWAY_MAX_URL_KB: '2',
      GATEWAY_MAX_HEADER_KB: '8',
      GATEWAY_REQUEST_TIMEOUT: '1',
      GATEWAY_KEEP_ALIVE_TIMEOUT: '1',
      GATEWAY_MAX_CONNECTIONS: '20',
      GATEWAY_MAX_STREAMS: '3',
      GATEWAY_MESSAGES_PER_MINUTE: '2',
    },
  });
});
afterAll(() => gateway.stop());

const stillServes = async (): Promise<void> =>
  expect((await rawRequest(`${gateway.url}/api/health`)).status).toBe(200);

test('a body, the head and the address have a longest length', async () => {
  const body = JSON.stringify({ chat_id: '1', message: 'x'.repeat(1_100_000) });
  const large = await rawRequest(`${gateway.url}/api/gateway/send`, { method: 'POST', body });
  expect(large).toMatchObject({
    status: 413,
    text: expect.stringContaining('GATEWAY_MAX_BODY_MB'),
  });
  const long = await rawRequest(`${gateway.url}/api/chat/sessions/${'x'.repeat(3_000)}`);
  expect(long).toMatchObject({ status: 414, text: expect.stringContaining('GATEWAY_MAX_URL_KB') });
  const headers = { 'x-long': 'x'.repeat(9_000) };
  const head = await rawRequest(`${gateway.url}/api/health`, { headers });
  expect(head).toMatchObject({
    status: 431,
    text: expect.stringContaining('GATEWAY_MAX_HEADER_KB'),
  });
  await stillServes();
});

describe('one that is slow', () => {
  test.each([
    ['says nothing', ''],
    ['does not end its head', 'GET /api/health HTTP/1.1\r\nhost: localhost\r\nx-a: b\r\n'],
    [
      'does not end its body',
      'POST /api/gateway/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    ],
  ])('%s: it is told, and hung up on', async (_what, words) => {
    const socket = openSocket(gateway.url);
    socket.write(words);
    const answer = await readToEnd(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('GATEWAY_REQUEST_TIMEOUT');
  });

  test('says nothing between two requests: it is hung up on', async () => {
    const socket = openSocket(gateway.url);
    socket.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

test('a connection too many is told so, and the others go on', async () => {
  const idle = Array.from({ length: 30 }, () => openSocket(gateway.url));
  const answers = idle.map(readToEnd);
  await eventually(
    'some are refused',
    async () => idle.filter(({ closed }) => closed).length >= 10,
  );
  for (const socket of idle) socket.destroy();
  const refused = (await Promise.all(answers)).filter((answer) =>
    answer.startsWith('HTTP/1.1 503 '),
  );
  expect(refused.length).toBeGreaterThanOrEqual(10);
  expect(refused[0]).toContain('GATEWAY_MAX_CONNECTIONS');
  await eventually('there is room again', async () =>
    rawRequest(`${gateway.url}/api/health`).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});

test('messages of one chat in a minute: one more is told when to come again, and not stored', async () => {
  const send = (chat_id: string) =>
    rawRequest(`${gateway.url}/api/gateway/send`, {
      method: 'POST',
      body: JSON.stringify({ chat_id, message: 'hi' }),
    });
  expect((await send('busy')).status).toBe(200);
  expect((await send('busy')).status).toBe(200);
  const refused = await send('busy');
  expect(refused.status).toBe(429);
  expect(refused.headers['x-error-code']).toBe('too_many_requests');
  const wait = Number(refused.headers['retry-after']);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  const task = JSON.stringify({ chat_id: 'busy', message: 'hi' });
  const background = `${gateway.url}/api/gateway/send-background`;
  expect((await rawRequest(background, { method: 'POST', body: task })).status).toBe(429);
  expect((await send('other')).status).toBe(200);
  const turns = await gateway.client.call(operations.listTurns, { chat_id: 'busy' });
  expect(turns).toHaveLength(2);
});

test('streams of one caller: one more is refused before anything is done, and others have their own', async () => {
  // Turns that wait for more memory than there is: their streams stay open.
  await gateway.restart({
    CLAUDE_BIN: '',
    GATEWAY_MESSAGES_PER_MINUTE: '0',
    GATEWAY_MIN_FREE_MB: '1048576',
    GATEWAY_MEMORY_WAIT_TIMEOUT: '600',
  });
  const { token } = await gateway.client.call(operations.createToken, {
    name: 'hero',
    bot_id: 'hero',
  });
  const open = (chat_id: string, headers = {}) => {
    const body = JSON.stringify({ chat_id, message: 'wait' });
    const request = openRequest(`${gateway.url}/api/gateway/send-stream`, {
      method: 'POST',
      body,
      headers,
    });
    request.on('error', () => {});
    const status = new Promise<number>((resolve) =>
      request.once('response', (response) => {
        response.on('error', () => {}).resume();
        resolve(response.statusCode ?? 0);
      }),
    );
    return { request, status };
  };
  const streams = ['1', '2', '3'].map((chat) => open(chat));
  for (const { status } of streams) expect(await status).toBe(200);
  expect(await open('4').status).toBe(429);
  expect(await gateway.client.call(operations.listTurns, { chat_id: '4' })).toEqual([]);
  const other = open('4', { authorization: `Bearer ${token}` });
  expect(await other.status).toBe(200);
  streams[0]?.request.destroy();
  await eventually('there is room again', async () => {
    const again = open('5');
    const status = await again.status;
    if (status !== 200) again.request.destroy();
    else streams.push(again);
    return status === 200;
  });
  for (const { request } of [...streams, other]) request.destroy();
});

test('GET changes nothing', async () => {
  await gateway.restart();
  const state = async (): Promise<string> => {
    const calls = [operations.listSessions, operations.listTurns, operations.listChatSessions];
    const answers = await Promise.all(calls.map(({ path }) => gateway.get(path)));
    const tokens = await gateway.client.call(operations.listTokens, {});
    // How long something has been idle changes by itself.
    return JSON.stringify([answers, tokens]).replace(/"(idle|busy)_seconds":\d+/g, '');
  };
  await gateway.client.call(operations.sendMessage, { chat_id: '1', message: 'hi' });
  const [turn] = await gateway.client.call(operations.listTurns, { chat_id: '1' });
  const before = await state();
  for (const operation of Object.values(operations)) {
    const { method, path } = operation;
    // A stream without an end answers for as long as one listens.
    if (method !== 'GET' || isEndless(operation)) continue;
    const named = path
      .replace('{turn_id}', turn?.id ?? '')
      .replace('{chat_id}', '1')
      .replace(/\{\w+\}/g, '1');
    // What is meant for a POST has no effect in a GET's query.
    await rawRequest(`${gateway.url}${named}?bot_id=default&message=hi&name=x&enabled=false`);
  }
  for (const operation of Object.values(operations)) {
    if (isEndless(operation)) continue;
    const { path } = operation;
    await rawRequest(
      `${gateway.url}${path.replace(/\{\w+\}/g, '1')}?chat_id=1&message=hi&_method=POST`,
      {
        headers: { 'x-http-method-override': 'POST' },
      },
    );
  }
  expect(await state()).toBe(before);
});
