import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { noClaude } from '../support/no-claude.ts';
import { openSocket, rawRequest, readToEnd } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: noClaude });
});
afterAll(() => gateway.stop());

/** Say exactly this, and then nothing more. @returns the first line of the answer; nothing: it was hung up */
async function say(head: readonly string[], body = ''): Promise<string> {
  const socket = openSocket(gateway.url);
  socket.write(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`);
  return (await readToEnd(socket)).split('\r\n')[0] ?? '';
}

const get = 'GET /api/gateway/sessions HTTP/1.1';
const post = 'POST /api/gateway/send HTTP/1.1';
const host = 'host: localhost';
const json = 'content-type: application/json';
/** More than Node keeps of its own accord, and yet shorter than a head may be. */
const padding = Array.from({ length: 2_100 }, () => 'a:');

describe('what comes last in a very long head counts as well', () => {
  // A proxy on the machine adds its header to whatever it was sent.
  test.each([
    ['CVE-2026-32045, -29613: a proxy', 'x-forwarded-for: 203.0.113.7', 401],
    ['CVE-2026-32045, -29613: a proxy', 'forwarded: for=203.0.113.7', 401],
    ['CVE-2026-28472: a wrong token', 'authorization: Bearer wrong', 401],
    ['CVE-2026-2577, -35589: another site', 'origin: https://evil.example', 403],
    ['CVE-2026-2577, -35589: another site', 'sec-fetch-site: cross-site', 403],
    ['CVE-2025-66414: a second host', 'host: evil.example', 403],
  ])('%s: %s', async (_what, header, status) => {
    expect(await say([get, host, ...padding, header])).toMatch(`HTTP/1.1 ${status} `);
    expect(await say([get, host, ...padding])).toMatch('HTTP/1.1 200 ');
  });

  test('and a head that is too long for that is refused', async () => {
    expect(await say([get, host, ...padding.map(() => 'abcdefgh:')])).toMatch('HTTP/1.1 431 ');
  });
});

describe('a request is for one host', () => {
  test.each([
    ['a host that the header does not name', ['GET http://evil.example/api/health HTTP/1.1', host]],
    ['a host with a name before it', ['GET http://localhost@evil.example/ HTTP/1.1', host]],
    ['two hosts, the known one first', [get, host, 'host: evil.example']],
    ['two hosts, the known one last', [get, 'host: evil.example', host]],
    ['twice the same', [get, host, host]],
    ['none', [get, 'host:']],
    ['none, as old clients do', ['GET /api/gateway/sessions HTTP/1.0']],
  ])('%s', async (_what, head) => {
    expect(await say(head)).toMatch('HTTP/1.1 403 ');
  });

  test('that may stand in the first line', async () => {
    expect(await say(['GET http://localhost/api/health HTTP/1.1', host])).toMatch('HTTP/1.1 200 ');
  });
});

describe('what two programs could read differently is no request', () => {
  test.each([
    ['two lengths', [post, host, json, 'content-length: 4', 'content-length: 5']],
    ['a length and chunks', [post, host, json, 'content-length: 4', 'transfer-encoding: chunked']],
    ['an odd coding', [post, host, json, 'transfer-encoding: xchunked']],
    ['a space before the colon', [get, host, 'x-forwarded-for : 203.0.113.7']],
    ['a header over two lines', [get, host, 'x-a: b', ' x-forwarded-for: 203.0.113.7']],
    ['a NUL', [get, host, 'x-forwarded-for\0: 203.0.113.7']],
    ['another protocol', ['PRI * HTTP/2.0', host]],
    ['no method', ['/api/gateway/sessions HTTP/1.1', host]],
  ])('%s', async (_what, head) => {
    expect(await say(head, '{}')).toMatch('HTTP/1.1 400 ');
  });

  test('nobody is connected on to somewhere else', async () => {
    expect(await say(['CONNECT evil.example:80 HTTP/1.1', host])).toBe('');
  });
});

test.each([
  ['levels without an end', '['.repeat(5_000_000)],
  ['levels in a field', `{"chat_id":"1","message":${'['.repeat(500_000)}${']'.repeat(500_000)}}`],
  ['levels in one that nobody reads', `${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`],
])('a body that takes long to be read is not read: %s', async (_what, body) => {
  const answer = await rawRequest(`${gateway.url}/api/gateway/send`, { method: 'POST', body });
  expect(answer).toMatchObject({ status: 422, text: expect.stringContaining('64 levels deep') });
  expect(answer.headers['x-error-code']).toBe('malformed_json');
});

test.each([
  '{"__proto__": {"bot_id": "other", "chat_id": "x"}, "message": "hi"}',
  '{"constructor": {"prototype": {"chat_id": "x"}}, "message": "hi"}',
  '{"chat_id": {"toString": "x"}, "message": "hi"}',
])('a field is what the body itself has: %s', async (body) => {
  const answer = await rawRequest(`${gateway.url}/api/gateway/send`, { method: 'POST', body });
  expect(answer.status).toBe(422);
  expect(await gateway.client.call(operations.listTurns, { bot_id: 'other' })).toEqual([]);
});

// CVE-2026-34503: a connection that was open before stayed open, and authorised.
test('CVE-2026-34503: a stream is closed with its token, though others asked on its connection since', async () => {
  // A turn that waits for more memory than there is: its stream stays open.
  await gateway.restart({
    CLAUDE_BIN: '',
    GATEWAY_MIN_FREE_MB: '1048576',
    GATEWAY_MEMORY_WAIT_TIMEOUT: '600',
  });
  const { createToken, revokeToken } = operations;
  const { token } = await gateway.client.call(createToken, { name: 'brief', bot_id: 'b' });
  const other = await gateway.client.call(createToken, { name: 'other', bot_id: 'b' });
  const body = '{"chat_id": "1", "message": "wait"}';
  const socket = openSocket(gateway.url);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  const stream = [
    'POST /api/gateway/send-stream HTTP/1.1',
    ...[host, json, `authorization: Bearer ${token}`, `content-length: ${body.length}`],
  ];
  socket.write(`${stream.join('\r\n')}\r\n\r\n${body}`);
  await eventually('the stream is open', () => answer.includes('"type":"turn"'));
  const asked = ['GET /api/health HTTP/1.1', host];
  socket.write(`${[...asked, `authorization: Bearer ${other.token}`].join('\r\n')}\r\n\r\n`);
  socket.write(`${asked.join('\r\n')}\r\n\r\n`);
  // They have been read before this one, which came later, is answered.
  expect((await rawRequest(`${gateway.url}/api/health`)).status).toBe(200);
  await gateway.client.call(revokeToken, { name: 'brief' });
  await closed;
});
