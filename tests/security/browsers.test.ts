import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noClaude } from '../support/no-claude.ts';
import { rawRequest } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const page = 'https://page.example';

let gateway: TestGateway;
let port: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    env: {
      ...noClaude,
      MCB_ALLOWED_HOSTS: 'Bot.Example, other.example:81',
      MCB_ALLOWED_ORIGINS: page,
    },
  });
  port = new URL(gateway.url).port;
});
afterAll(() => gateway.stop());

const ask = (headers: Readonly<Record<string, string>>, method = 'GET', path = '/api/health') =>
  rawRequest(gateway.url + path, { method, headers });

/** A message that a page sends; it must not be taken. */
const post = (headers: Readonly<Record<string, string>>) =>
  rawRequest(`${gateway.url}/api/gateway/send`, {
    method: 'POST',
    headers,
    body: '{"chat_id": "victim", "message": "[[text:done]]"}',
  });

const nothingDone = async (): Promise<void> =>
  expect(await gateway.client.call(operations.listTurns, { chat_id: 'victim' })).toEqual([]);

describe('CVE-2025-66414: a name that was made to point here (DNS rebinding)', () => {
  test.each([
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'localhost:80@evil.example',
    'xlocalhost',
    'localhost:80:80',
    'localhost/',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    '[::ffff:10.0.0.1]',
    '2130706433',
    '0x7f.1',
    '127.1',
    'other.example',
    'other.example:82',
    'other.example:810',
  ])('%s is refused, on every route', async (host) => {
    for (const path of [
      '/api/health',
      '/docs',
      '/openapi.json',
      '/nothing',
      '/api/gateway/sessions',
    ]) {
      const answer = await ask({ host }, 'GET', path);
      expect(answer.status).toBe(403);
      expect(answer.headers['x-error-code']).toBe('forbidden');
    }
    expect((await post({ host })).status).toBe(403);
    await nothingDone();
  });

  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'localhost:1',
    '127.0.0.1:65535',
    '127.9.9.9',
    '[::1]',
    '[::1]:8000',
    '[::ffff:127.0.0.1]',
    'bot.example',
    'BOT.example:9',
    'other.example:81',
  ])('%s is known', async (host) => {
    expect((await ask({ host })).status).toBe(200);
  });

  test('the words say what to write', async () => {
    expect((await ask({ host: 'my.example:8000' })).text).toContain('MCB_ALLOWED_HOSTS=my.example');
    // What is no name is not repeated as one.
    expect((await ask({ host: '<script>' })).text).toContain('MCB_ALLOWED_HOSTS=NAME');
  });
});

describe('CVE-2026-2577, CVE-2026-35589, CVE-2026-25253: a page of another site', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://localhost.evil.example' },
    { origin: 'file://' },
    { origin: 'chrome-extension://abc' },
    { origin: `${page}.evil.example` },
    { origin: `${page}:444` },
    { origin: page.replace('https', 'http') },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ])('%o is refused, with a body and without', async (headers) => {
    expect((await post(headers)).status).toBe(403);
    const actions: [string, string][] = [
      ['GET', '/api/gateway/sessions'],
      ['POST', '/api/gateway/sessions/reap'],
      ['POST', '/api/gateway/sessions/victim/reset'],
      ['DELETE', '/api/access/tokens/any'],
      ['OPTIONS', '/api/gateway/send'],
    ];
    for (const [method, path] of actions) {
      const answer = await ask(headers, method, path);
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    await nothingDone();
  });

  test('it can open no socket', async () => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const answer = await ask({ ...upgrade, ...key, origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect((await ask({ ...upgrade, ...key })).status).toBe(200);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a form, which needs no permission, is refused: %s',
    async (type) => {
      expect((await post({ 'content-type': type })).status).toBe(415);
      await nothingDone();
    },
  );

  test('its own pages may do what they are for', async () => {
    const own = { 'sec-fetch-site': 'same-origin' };
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'bot.example'])
      for (const scheme of ['http', 'https'])
        expect((await ask({ ...own, host, origin: `${scheme}://${host}` })).status).toBe(200);
    expect((await ask({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).status).toBe(
      200,
    );
  });
});

describe('a page that the owner named', () => {
  test('may ask first, then call, and read the answer', async () => {
    const asks = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const allowed = await ask({ origin: page, 'sec-fetch-site': 'cross-site', ...asks }, 'OPTIONS');
    expect(allowed.status).toBe(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('authorization'),
      vary: 'Origin',
    });
    const answer = await ask({ origin: page, 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(page);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('needs a token like everybody', async () => {
    await gateway.restart({ MCB_AUTH: 'loopback' });
    const answer = await ask({ origin: page, 'x-forwarded-for': '1.2.3.4' });
    expect(answer.status).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe(page);
  });
});

describe('what a browser may make of an answer', () => {
  const strict = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  };

  test.each([
    ['GET', '/api/health', 200],
    ['GET', '/docs', 200],
    ['GET', '/docs/assets/swagger-ui.css', 200],
    ['GET', '/openapi.json', 200],
    ['GET', '/nothing', 404],
    ['GET', '/api/gateway/queue-status/%zz', 404],
    ['POST', '/api/gateway/send', 422],
  ])('%s %s', async (method, path, status) => {
    const answer = await ask({}, method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(strict);
  });

  test('a stream has them too', async () => {
    const answer = await rawRequest(`${gateway.url}/api/gateway/send-stream`, {
      method: 'POST',
      body: '{"chat_id": "s", "message": "[[text:hi]]"}',
    });
    expect(answer.headers).toMatchObject({
      ...strict,
      'content-type': expect.stringContaining('event-stream'),
    });
  });

  test('scripts come from files of ours alone, on the one page that has any', async () => {
    const { headers, text } = await ask({}, 'GET', '/docs');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|http)/);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=/i);
    expect((await ask({}, 'GET', '/api/health')).headers['content-security-policy']).toContain(
      "default-src 'none'",
    );
  });

  test('what people write is never markup', async () => {
    const nasty = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    await gateway.client.call(operations.addChatMessage, {
      session_id: nasty,
      role: 'user',
      content: nasty,
    });
    for (const path of [
      `/api/chat/sessions/${encodeURIComponent(nasty)}`,
      '/api/chat/sessions',
      `/${encodeURIComponent(nasty)}`,
      `/api/gateway/queue-status/${encodeURIComponent(nasty)}?bot_id=%3Cscript%3E`,
    ]) {
      const { headers } = await ask({}, 'GET', path);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('nothing of it stays in a cache', async () => {
    expect((await ask({}, 'GET', '/api/chat/sessions')).headers['cache-control']).toBe('no-store');
  });
});
