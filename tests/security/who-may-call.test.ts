import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { basic, bearer, openRequest, openSocket, rawRequest } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
let owner: string;
let hero: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  const make = async (name: string, bot_id?: string) =>
    (await gateway.client.call(operations.createToken, { name, bot_id })).token;
  owner = await make('owner');
  hero = await make('hero', 'hero');
});
afterAll(() => gateway.stop());

const statusOf = async (
  headers: Readonly<Record<string, string>>,
  path = '/api/gateway/sessions',
): Promise<number> => (await rawRequest(gateway.url + path, { headers })).status;

describe('MCB_AUTH=loopback', () => {
  test('who calls from this machine needs no token, as the clients that exist rely on', async () => {
    expect(await statusOf({})).toBe(200);
  });

  // CVE-2026-32045, CVE-2026-29613: a proxy on the machine made every request a local one.
  test.each([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '127.0.0.1' },
    { 'X-Forwarded-For': '' },
    { 'x-forwarded-proto': 'https' },
    { 'x-forwarded-host': 'localhost' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { via: '1.1 proxy' },
    { 'cf-connecting-ip': '127.0.0.1' },
    { 'tailscale-user-login': 'somebody@example.org' },
  ])('CVE-2026-32045, -29613: what came through a proxy is not local: %o', async (headers) => {
    expect(await statusOf(headers)).toBe(401);
    expect(await statusOf({ ...headers, ...bearer(hero) })).toBe(200);
  });

  // CVE-2026-28472: that a token was sent was taken for a token that is right.
  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Bearer undefined',
    'Bearer null',
    'bearer [object Object]',
    'Basic',
    'Basic Og==',
    `Basic ${Buffer.from('hero:').toString('base64')}`,
    `Basic ${Buffer.from('hero').toString('base64')}`,
    'Digest username="hero"',
    'Negotiate abc',
    'null',
  ])(
    'CVE-2026-28472: a header without a valid token is worse than none: %j',
    async (authorization) => {
      await gateway.restart();
      const answer = await rawRequest(`${gateway.url}/api/health`, { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers['x-error-code']).toBe('unauthorized');
    },
  );

  test('a token that was changed by one character, cut, or lengthened is none', async () => {
    const last = owner.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      owner.slice(0, -1) + last,
      owner.slice(0, -1),
      `${owner}A`,
      owner.toUpperCase(),
    ])
      expect(await statusOf(bearer(wrong))).toBe(401);
  });
});

describe('MCB_AUTH=token', () => {
  beforeAll(() => gateway.restart({ MCB_AUTH: 'token' }));
  afterAll(() => gateway.restart());

  test.each([
    '/api/health',
    '/health',
    '/api/gateway/sessions',
    '/docs',
    '/docs/assets/swagger-ui.css',
    '/openapi.json',
    '/nothing',
  ])('%s needs one', async (path) => {
    const refused = await rawRequest(gateway.url + path);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer /);
    expect(JSON.parse(refused.text)).toMatchObject({
      detail: expect.stringContaining('token create'),
    });
    expect([200, 302, 404]).toContain(await statusOf(bearer(owner), path));
  });

  test('it comes as Bearer, or as the password of Basic with any name', async () => {
    expect(await statusOf(bearer(owner))).toBe(200);
    expect(await statusOf(basic('hero', owner))).toBe(200);
    expect(await statusOf(basic('', owner))).toBe(200);
    expect(await statusOf(basic(owner, 'x'))).toBe(401);
    expect(await statusOf({ authorization: `bEARER ${owner}` })).toBe(200);
  });

  test('a client whose address has it needs nothing else', async () => {
    const { host } = new URL(gateway.url);
    const client = createClient({ baseUrl: `http://hero:${hero}@${host}` });
    const answer = await client.call(operations.sendMessage, {
      chat_id: '1',
      message: '[[text:hi]]',
    });
    expect(answer.response).toBe('hi');
    expect(await client.call(operations.listSessions, {})).toMatchObject([{ bot_id: 'hero' }]);
  });

  test('a browser that opens a page is asked for it', async () => {
    const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' };
    const refused = await rawRequest(`${gateway.url}/docs`, { headers });
    expect(refused.headers['www-authenticate']).toMatch(/^Basic /);
  });

  test('the body of one who is not let in is not waited for', async () => {
    const socket = openSocket(gateway.url);
    socket.write(
      'POST /api/gateway/send HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000000\r\n\r\n',
    );
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    await eventually('it is refused', () => answer.startsWith('HTTP/1.1 401'));
    socket.destroy();
  });
});

describe('wrong tokens', () => {
  test('are throttled, for whoever guesses and not for those who were known', async () => {
    await gateway.restart({ GATEWAY_FAILED_TRIES_PER_MINUTE: '3' });
    expect(await statusOf(bearer(hero))).toBe(200);
    for (let n = 0; n < 3; n += 1) expect(await statusOf(bearer(`wrong-${n}`))).toBe(401);
    const refused = await rawRequest(`${gateway.url}/api/health`, { headers: bearer('wrong') });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // A guess that is right tells nobody that it is.
    expect(await statusOf(bearer(owner))).toBe(429);
    // Behind a proxy all have one address: those who are known go on.
    expect(await statusOf(bearer(hero))).toBe(200);
    expect(await statusOf({})).toBe(200);
    await gateway.restart();
  });
});

describe('revoking', () => {
  // CVE-2026-34503: a connection that was open before stayed open, and authorised.
  test('CVE-2026-34503: closes what is open with the token, and nothing else', async () => {
    const { token } = await gateway.client.call(operations.createToken, {
      name: 'brief',
      bot_id: 'b',
    });
    const body = (chat_id: string) =>
      JSON.stringify({ chat_id, bot_id: 'b', message: '[[hang-mid]] wait' });
    const path = `${gateway.url}/api/gateway/send-stream`;
    const post = { method: 'POST' };
    const open = [
      openRequest(path, { ...post, headers: bearer(token), body: body('1') }),
      openRequest(`${gateway.url}/api/gateway/send`, {
        ...post,
        headers: bearer(token),
        body: body('2'),
      }),
      openRequest(path, { ...post, headers: bearer(owner), body: body('3') }),
    ];
    const closed = new Set<number>();
    for (const [n, request] of open.entries()) {
      request.on('error', () => {});
      request.once('close', () => closed.add(n));
      request.once('response', (response) => response.on('error', () => {}).resume());
    }
    await eventually('all of them run or wait', async () => {
      const turns = await gateway.client.call(operations.listTurns, { bot_id: 'b' });
      return turns.length === 3;
    });
    await gateway.client.call(operations.revokeToken, { name: 'brief' });
    await eventually('both are closed', () => closed.has(0) && closed.has(1));
    expect(closed.has(2)).toBe(false);
    expect(await statusOf(bearer(token))).toBe(401);
    // What they had begun is not lost by it.
    const turns = await gateway.client.call(operations.listTurns, { bot_id: 'b' });
    expect(turns.map(({ state }) => state)).not.toContain('stopped');
    for (const chat_id of ['1', '2', '3'])
      await gateway.client.call(operations.stopChat, { chat_id, bot_id: 'b' });
  });

  test('a connection that is kept open is closed too', async () => {
    const { token } = await gateway.client.call(operations.createToken, { name: 'kept' });
    const socket = openSocket(gateway.url);
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(
      `GET /api/health HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
    await eventually('it is answered', () => answer.includes('"ok"'));
    await gateway.client.call(operations.revokeToken, { name: 'kept' });
    await closed;
  });

  test('it counts after a restart too, and the same token never counts again', async () => {
    const { token } = await gateway.client.call(operations.createToken, { name: 'gone' });
    await gateway.client.call(operations.revokeToken, { name: 'gone' });
    await gateway.restart();
    expect(await statusOf(bearer(token))).toBe(401);
    const again = await gateway.post('/api/access/tokens', { name: 'gone', token });
    expect(again.status).toBe(409);
    const unknown = await rawRequest(`${gateway.url}/api/access/tokens/gone`, { method: 'DELETE' });
    expect(unknown.status).toBe(404);
  });
});

describe('a token for one bot', () => {
  test('makes, sees and revokes no tokens', async () => {
    const headers = bearer(hero);
    for (const [method, path, body] of [
      ['GET', '/api/access/tokens', undefined],
      ['POST', '/api/access/tokens', '{"name": "more"}'],
      ['DELETE', '/api/access/tokens/hero', undefined],
      ['POST', '/api/gateway/sessions/reap', undefined],
    ] as const) {
      const asked = { method, headers, ...(body === undefined ? {} : { body }) };
      expect((await rawRequest(gateway.url + path, asked)).status).toBe(403);
    }
  });

  // CVE-2026-28466: what a client wrote into a field was taken for the owner's consent.
  test('CVE-2026-28466: no field makes it more', async () => {
    const claims = {
      approved: true,
      access: 'owner',
      caller: { name: 'loopback' },
      permission_mode: 'x',
    };
    const body = JSON.stringify({ ...claims, chat_id: '1', bot_id: 'other', message: 'hi' });
    const headers = { ...bearer(hero), 'x-bot-id': 'other', 'x-user': 'owner', cookie: 'owner=1' };
    const asked = { method: 'POST', headers, body };
    expect((await rawRequest(`${gateway.url}/api/gateway/send`, asked)).status).toBe(403);
    expect(await gateway.client.call(operations.listTurns, { bot_id: 'other' })).toEqual([]);
  });
});

describe('tokens that somebody chose', () => {
  test.each([
    'short',
    'changeme',
    'a'.repeat(64),
    'password'.repeat(8),
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '0123456789'.repeat(4),
    'your-secret-token-here-change-me-please',
    'mini-claude-bot-telegram-hero-token',
    'white space in the middle of a long token',
  ])('%j is refused', async (token) => {
    const answer = await gateway.post('/api/access/tokens', { name: 'weak', token });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).not.toContain(token);
  });

  test('a good one works, and is not said again', async () => {
    const token = 'f3a91c07b2d85e64a1f09c3b7d2e8514';
    expect((await gateway.post('/api/access/tokens', { name: 'own', token })).status).toBe(201);
    expect(await statusOf(bearer(token))).toBe(200);
    const listed = await gateway.get('/api/access/tokens');
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect((await gateway.post('/api/access/tokens', { name: 'other', token })).status).toBe(409);
    expect((await gateway.post('/api/access/tokens', { name: 'own' })).status).toBe(409);
    expect((await gateway.post('/api/access/tokens', { name: 'loopback' })).status).toBe(422);
  });
});
