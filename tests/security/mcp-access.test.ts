import { operations } from '@mini-claude-bot/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { overHttp, overStdio, type TestMcpClient } from '../support/mcp-client.ts';
import { noClaude } from '../support/no-claude.ts';
import { bearer, rawRequest } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
let owner: string;
let hero: string;
let villain: string;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { ...noClaude, MCB_AUTH: 'loopback' } });
  const make = async (name: string, bot_id?: string) =>
    (await gateway.client.call(operations.createToken, { name, bot_id })).token;
  owner = await make('owner');
  hero = await make('hero', 'hero');
  villain = await make('villain', 'villain');
  for (const bot_id of ['hero', 'villain']) {
    const session_id = `notes-${bot_id}`;
    const content = `zq7 of ${bot_id}`;
    await gateway.client.call(operations.addChatMessage, {
      session_id,
      role: 'user',
      content,
      bot_id,
    });
    await gateway.client.call(operations.addMemory, { key: `of ${bot_id}`, content, bot_id });
    await gateway.client.call(operations.createCronJob, {
      name: `of ${bot_id}`,
      cron_expression: '@yearly',
      command: content,
      job_type: 'claude',
      bot_id,
    });
  }
});
afterAll(() => gateway.stop());

const open: TestMcpClient[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const connectors = {
  http: (token: string) => overHttp(gateway.url, token),
  stdio: (token: string) =>
    overStdio({ HOME: gateway.home, MCB_API_BASE: `${gateway.url}/api`, MCB_TOKEN: token }),
};

describe.each(Object.entries(connectors))('over %s', (_name, connect) => {
  const connected = async (token: string): Promise<TestMcpClient> => {
    const client = await connect(token);
    open.push(client);
    return client;
  };

  test('the token decides the bot, and nothing else does', async () => {
    const { client, call } = await connected(hero);
    const own = await call('list_chat_sessions');
    expect(own.text).toContain('notes-hero');
    expect(own.text).not.toContain('notes-villain');
    const asked = await Promise.all([
      call('list_chat_sessions', { bot_id: 'villain' }),
      call('get_chat_session', { session_id: 'notes-villain' }),
      call('get_chat_session', { session_id: 'notes-villain', bot_id: 'villain' }),
      call('send_gateway_message', { chat_id: '1', message: 'x', bot_id: 'villain' }),
      call('list_memories', { bot_id: 'villain' }),
      call('search_memory', { query: 'zq7', bot_id: 'villain' }),
      call('search_chat_history', { query: 'zq7', bot_id: 'villain' }),
      call('list_cron_jobs', { bot_id: 'villain' }),
      call('create_cron_job', { name: 'x', cron_expression: '@yearly', command: 'true' }),
      call('send_background_message', { chat_id: '1', message: 'x', bot_id: 'villain' }),
    ]);
    for (const { isError, text } of asked) {
      expect(isError).toBe(true);
      expect(text).not.toContain('zq7');
    }
    await expect(client.readResource({ uri: 'chat://notes-villain' })).rejects.toThrow();
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['memory://all', 'chat://notes-hero']);
    for (const [name, given] of [
      ['list_memories', {}],
      ['search_memory', { query: 'zq7' }],
      ['search_chat_history', { query: 'zq7' }],
      ['list_cron_jobs', {}],
      ['list_tasks', {}],
    ] as const)
      expect((await call(name, given)).text).not.toContain('of villain');
    const remembered = JSON.stringify(await client.readResource({ uri: 'memory://all' }));
    expect(remembered).toContain('zq7 of hero');
    expect(remembered).not.toContain('of villain');
    const turns = await gateway.client.call(operations.listTurns, {});
    expect(turns.filter(({ bot_id }) => bot_id === 'villain')).toEqual([]);
  });

  test('what concerns all bots is for their owner', async () => {
    const { call } = await connected(owner);
    expect((await call('list_chat_sessions')).text).toContain('notes-villain');
    expect(await call('reap_gateway_sessions')).toMatchObject({ isError: false });
    const bound = await connected(villain);
    const refused = await bound
      .call('reap_gateway_sessions')
      .catch((error: Error) => ({ isError: true, text: error.message }));
    expect(refused.isError).toBe(true);
  });
});

test('over HTTP, a tool that a caller may not use is not offered, nor an argument that would do nothing', async () => {
  const bound = await overHttp(gateway.url, hero);
  open.push(bound);
  const { tools } = await bound.client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain('reap_gateway_sessions');
  expect(JSON.stringify(tools.map(({ inputSchema }) => inputSchema))).not.toContain('"bot_id"');
});

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 't', version: '1' },
  },
});
const headers = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};
const post = (extra: Readonly<Record<string, string>>, body = initialize) =>
  rawRequest(`${gateway.url}/mcp`, { method: 'POST', headers: { ...headers, ...extra }, body });

test('pages of other sites, names that somebody made up and wrong tokens are kept out', async () => {
  expect((await post({})).status).toBe(200);
  expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post({ host: 'evil.example' })).status).toBe(403);
  expect((await post(bearer('mcb_wrong'))).status).toBe(401);
  expect((await post({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(401);
});

test("nobody gets into another caller's session", async () => {
  const begun = await post(bearer(hero));
  const id = String(begun.headers['mcp-session-id']);
  const list = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  const session = { 'mcp-session-id': id };
  expect((await post({ ...bearer(hero), ...session }, list)).status).toBe(200);
  for (const other of [bearer(villain), bearer(owner), {}])
    expect((await post({ ...other, ...session }, list)).status).toBe(404);
  const ended = await rawRequest(`${gateway.url}/mcp`, {
    method: 'DELETE',
    headers: { ...bearer(villain), ...session },
  });
  expect(ended.status).toBe(404);
  expect((await post({ ...bearer(hero), ...session }, list)).status).toBe(200);
  expect((await post(bearer(hero), list)).status).toBe(400);
});

test.each([
  ['', 400],
  ['{', 422],
  ['null', 400],
  ['[]', 400],
  ['"initialize"', 400],
  ['{"jsonrpc":"2.0","id":1}', 400],
  ['{"jsonrpc":"1.0","id":1,"method":"initialize"}', 400],
  ['{"jsonrpc":"2.0","id":{},"method":"tools/list"}', 400],
  [`[${initialize},${initialize}]`, 400],
  [`[${Array.from({ length: 5_000 }, () => '{}').join()}]`, 400],
])('nonsense is refused: %s', async (body, status) => {
  expect((await post({}, body)).status).toBe(status);
});

test('what is no MCP is refused, and the gateway goes on', async () => {
  expect((await post({ accept: 'text/html' })).status).toBe(406);
  expect((await post({ 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post({ 'mcp-session-id': '../../etc' })).status).toBe(404);
  expect((await rawRequest(`${gateway.url}/mcp`, { method: 'GET' })).status).toBe(400);
  expect((await rawRequest(`${gateway.url}/mcp`, { method: 'PUT' })).status).toBe(404);
  const begun = await post({});
  const session = { 'mcp-session-id': String(begun.headers['mcp-session-id']) };
  const ask = (method: string, params: object) =>
    post(session, JSON.stringify({ jsonrpc: '2.0', id: 3, method, params }));
  for (const [method, params] of [
    ['tools/call', {}],
    ['tools/call', { name: '__proto__', arguments: {} }],
    ['tools/call', { name: 'list_turns', arguments: [] }],
    ['resources/read', { uri: 'chat://%E0%A4%A' }],
    ['prompts/get', { name: 'constructor' }],
    ['no/such/method', {}],
  ] as const) {
    const { status, text } = await ask(method, params);
    expect([status, text]).toEqual([200, expect.stringMatching(/"error":\{"code":-32\d{3}/)]);
  }
  const odd = await ask('tools/call', {
    name: 'list_turns',
    arguments: { constructor: 1, limit: 1e99 },
  });
  expect(odd.text).toContain('"isError":true');
  expect(
    (
      await post(
        { 'mcp-protocol-version': '1999-01-01', ...session },
        '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      )
    ).status,
  ).toBe(400);
  expect((await rawRequest(`${gateway.url}/health`)).status).toBe(200);
});

test('answers say that they are not to be kept or framed, as all others', async () => {
  const { headers: said } = await post({});
  expect(said['x-content-type-options']).toBe('nosniff');
  expect(said['content-security-policy']).toContain("default-src 'none'");
});

test('a token that is revoked is refused from then on, and what is open with it is closed', async () => {
  const { token } = await gateway.client.call(operations.createToken, { name: 'gone' });
  const client = await overHttp(gateway.url, token);
  open.push(client);
  expect(await client.call('health_check')).toMatchObject({ isError: false });
  await gateway.client.call(operations.revokeToken, { name: 'gone' });
  await eventually('the token is refused', () =>
    client.call('health_check').then(
      () => false,
      (error: Error) => /401|valid/.test(error.message),
    ),
  );
});
