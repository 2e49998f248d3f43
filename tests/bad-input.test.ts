import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** Nothing was stored, nothing was made, nobody was asked, and the server answers. */
async function expectUntouched(): Promise<void> {
  expect(await gateway.client.call(operations.listChatSessions, {})).toEqual([]);
  expect(await gateway.client.call(operations.listSessions, {})).toEqual([]);
  expect(readdirSync(join(gateway.home, 'sessions'))).toEqual([]);
  expect(gateway.fake.requests).toEqual([]);
  expect((await gateway.get('/api/health')).body).toEqual({ status: 'ok' });
}

const badBodies: [string, unknown, unknown][] = [
  ['malformed JSON', '{"chat_id": "1", ', ['body']],
  ['no body', undefined, ['body']],
  ['an array', [], ['body']],
  ['null', 'null', ['body']],
  ['a missing message', { chat_id: '1' }, ['body', 'message']],
  ['a missing chat', { message: 'hi' }, ['body', 'chat_id']],
  ['a number for a chat', { chat_id: 1, message: 'hi' }, ['body', 'chat_id']],
  ['null for a message', { chat_id: '1', message: null }, ['body', 'message']],
  ['an empty message', { chat_id: '1', message: '' }, ['body', 'message']],
  ['a blank message', { chat_id: '1', message: ' \n\t ' }, ['body', 'message']],
  ['NUL in a message', { chat_id: '1', message: 'a\0b' }, ['body', 'message']],
  ['a lone surrogate', '{"chat_id": "1", "message": "a\\ud800b"}', ['body', 'message']],
  ['an empty chat', { chat_id: '', message: 'hi' }, ['body', 'chat_id']],
  ['a dot', { chat_id: '.', message: 'hi' }, ['body', 'chat_id']],
  ['two dots', { chat_id: '..', message: 'hi' }, ['body', 'chat_id']],
  ['a way out', { chat_id: '../../etc', message: 'hi' }, ['body', 'chat_id']],
  ['an absolute path', { chat_id: '/tmp', message: 'hi' }, ['body', 'chat_id']],
  ['NUL in a chat', { chat_id: 'a\0', message: 'hi' }, ['body', 'chat_id']],
  ['a chat that is too long', { chat_id: '界'.repeat(86), message: 'hi' }, ['body', 'chat_id']],
  ['a bot that is a way out', { chat_id: '1', bot_id: '..', message: 'hi' }, ['body', 'bot_id']],
  ['null for a bot', { chat_id: '1', bot_id: null, message: 'hi' }, ['body', 'bot_id']],
];

test.each(badBodies)(
  '%s is refused by every call that takes a message',
  async (_what, body, loc) => {
    for (const path of ['/api/gateway/send', '/api/gateway/send-stream']) {
      const answer = await gateway.post(path, body);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        detail: [{ loc, msg: expect.any(String), type: expect.any(String) }],
      });
    }
    await expectUntouched();
  },
);

test('bytes that are not UTF-8 are refused', async () => {
  const response = await fetch(`${gateway.url}/api/gateway/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.concat([
      Buffer.from('{"chat_id":"1","message":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]),
  });
  expect(response.status).toBe(422);
  await expectUntouched();
});

test('a body over the limit gets a clear 413, and so does a message that no chat can take', async () => {
  const large = await gateway.post('/api/gateway/send', {
    chat_id: '1',
    message: 'x'.repeat(11 * 1024 * 1024),
  });
  expect(large).toEqual({
    status: 413,
    body: { detail: 'The request body is larger than 10 MB (GATEWAY_MAX_BODY_MB).' },
  });
  for (const path of ['/api/gateway/send', '/api/gateway/send-stream']) {
    const long = await gateway.post(path, { chat_id: '1', message: 'x'.repeat(5_000_000) });
    expect(long.status).toBe(413);
    expect(long.body).toMatchObject({ detail: expect.stringContaining('GATEWAY_MAX_MESSAGE_KB') });
  }
  await expectUntouched();
});

test('what is not JSON is refused', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ]) {
    const response = await fetch(`${gateway.url}/api/gateway/send`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{"chat_id":"1","message":"hi"}',
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      detail: expect.stringContaining('application/json'),
    });
  }
  await expectUntouched();
});

test.each([
  ['GET', '/nothing'],
  ['GET', '/api/gateway/send'],
  ['DELETE', '/api/gateway/sessions'],
  ['GET', '/api/chat/sessions/gw-default-unknown'],
  ['GET', '/api/gateway/queue-status/%zz'],
  ['GET', '/docs/assets/../../../package.json'],
  ['GET', '/docs/assets/package.json'],
])('%s %s is not found', async (method, path) => {
  const response = await fetch(gateway.url + path, { method });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: expect.any(String) });
});

test.each([
  ['/api/gateway/queue-status/..%2f..%2fetc', ['path', 'chat_id']],
  ['/api/gateway/queue-status/%00', ['path', 'chat_id']],
  ['/api/gateway/queue-status/1?bot_id=a%2fb', ['query', 'bot_id']],
  ['/api/gateway/sessions?bot_id=', ['query', 'bot_id']],
  ['/api/chat/sessions/x?limit=-1', ['query', 'limit']],
  ['/api/chat/sessions/x?limit=many', ['query', 'limit']],
  ['/api/chat/sessions/x?limit=1.5', ['query', 'limit']],
])('GET %s is refused, naming the field', async (path, loc) => {
  const answer = await gateway.get(path);
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ detail: [{ loc }] });
});

test('rows that can not be kept as they are, are refused', async () => {
  const row = { session_id: 's', role: 'user', content: 'hi' };
  for (const bad of [
    { role: 'system' },
    { content: '' },
    { session_id: '' },
    { telegram_chat_id: 'x' },
    { bot_id: '/' },
  ]) {
    expect((await gateway.post('/api/chat/messages', { ...row, ...bad })).status).toBe(422);
  }
  await expectUntouched();
});
