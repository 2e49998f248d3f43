import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../support/eventually.ts';
import { noClaude } from '../support/no-claude.ts';
import { basic, bearer, openRequest, rawRequest } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway, testEnvironment } from '../support/test-gateway.ts';

const allowed = 'https://page.example';
const env = {
  ...noClaude,
  GATEWAY_FAILED_TRIES_PER_MINUTE: '10000',
  MCB_ALLOWED_ORIGINS: allowed,
  MCB_ALLOWED_HOSTS: 'gateway.example',
};

let gateway: TestGateway;
let owner: string;
let hero: string;
beforeAll(async () => {
  gateway = await startTestGateway({ env });
  const make = async (name: string, bot_id?: string) =>
    (await gateway.client.call(operations.createToken, { name, bot_id })).token;
  owner = await make('owner');
  hero = await make('hero', 'hero');
  await gateway.restart({ MCB_AUTH: 'token' });
});
afterAll(() => gateway.stop());

/** As a page of the gateway's own is seen. */
const own = { 'sec-fetch-site': 'same-origin' };
type Headers = Readonly<Record<string, string>>;

const ask = (method: string, path: string, headers: Headers = {}, body?: object) =>
  rawRequest(gateway.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const session = '/api/access/session';

/** Sign in. @returns the cookie as it is sent back */
async function signIn(body: object, headers: Headers = own): Promise<string> {
  const { status, headers: got } = await ask('POST', session, headers, body);
  expect(status).toBe(200);
  return String(got['set-cookie']?.[0]).split(';')[0] ?? '';
}

const statusWith = async (cookie: string, headers: Headers = own, method = 'GET', path = session) =>
  (await ask(method, path, { cookie, ...headers }, method === 'POST' ? {} : undefined)).status;

const remember = '/api/memory';
/** Whether a request of that kind writes something. */
async function writes(cookie: string, headers: Headers): Promise<boolean> {
  const key = `k${Math.random()}`;
  const body = { key, content: 'c' };
  const { status } = await ask('POST', remember, { cookie, ...headers }, body);
  const { text } = await ask('GET', '/api/memory', bearer(owner));
  const written = text.includes(key);
  expect(status === 201).toBe(written);
  return written;
}

const auditOf = async (operation: string) =>
  (
    await createClient({ baseUrl: gateway.url, token: owner }).call(operations.listAudit, {})
  ).filter((entry) => entry.operation === operation);

describe('signing in', () => {
  test('the cookie is no token, no script reads it, and no other site sends it', async () => {
    const { status, headers, text } = await ask('POST', session, own, { token: owner });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { name: 'owner', bot_id: null, by: 'cookie', expires_at: expect.any(Number) },
    ]);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      /^mcb-[\da-f]{12}=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(headers['set-cookie']).toHaveLength(1);
    expect(cookie + text).not.toContain(owner);
    const [pair = ''] = cookie.split(';');
    const who = await ask('GET', session, { cookie: pair, ...own });
    expect(JSON.parse(who.text)).toMatchObject({ name: 'owner', by: 'cookie' });
  });

  test('who has not said who they are is asked; who has a token is known by it', async () => {
    expect((await ask('GET', session)).status).toBe(401);
    expect(JSON.parse((await ask('GET', session, bearer(hero))).text)).toEqual({
      name: 'hero',
      bot_id: 'hero',
      by: 'token',
      expires_at: null,
    });
  });

  test.each([{ token: 'wrong' }, { token: '' }, { code: 'wrong' }, { code: '' }])(
    '%j is refused, without a cookie, and told to the audit',
    async (body) => {
      const { status, headers } = await ask('POST', session, own, body);
      expect([status, headers['set-cookie']]).toEqual([401, undefined]);
      expect((await auditOf('authenticate'))[0]).toMatchObject({
        caller: 'unknown',
        outcome: 'unauthorized',
      });
    },
  );

  test.each([{}, { token: 'x', code: 'y' }, { token: 7 }])('%j can be nothing', async (body) => {
    expect((await ask('POST', session, own, body)).status).toBe(422);
  });

  test('who guesses is held up, by tokens and codes together; who was right before is not', async () => {
    await gateway.restart({ MCB_AUTH: 'token', GATEWAY_FAILED_TRIES_PER_MINUTE: '4' });
    await signIn({ token: owner });
    for (let n = 0; n < 2; n += 1) {
      await ask('POST', session, own, { token: `wrong ${n}` });
      await ask('POST', session, own, { code: `wrong ${n}` });
    }
    expect((await ask('POST', session, own, { code: 'wrong' })).status).toBe(429);
    expect((await ask('POST', session, own, { token: 'wrong' })).status).toBe(429);
    await signIn({ token: owner });
    await gateway.restart({ MCB_AUTH: 'token' });
  });

  test('the key of this machine, which lives as long as a run, is no token to sign in with', async () => {
    const file = join(gateway.home, 'gateway.db.access');
    const { key } = z.object({ key: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
    expect((await ask('POST', session, own, { token: key })).status).toBe(401);
  });

  test('over https, by a proxy or as the page says, no other host can set it', async () => {
    for (const more of [
      { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' },
      { host: 'gateway.example', origin: 'https://gateway.example' },
    ]) {
      const { headers } = await ask('POST', session, { ...own, ...more }, { token: owner });
      expect(headers['set-cookie']?.[0]).toMatch(/^__Host-mcb-.*; Secure$/);
    }
    const { headers } = await ask(
      'POST',
      session,
      { ...own, origin: gateway.url, 'x-forwarded-proto': 'https' },
      { token: owner },
    );
    expect(headers['set-cookie']?.[0]).toMatch(/^mcb-/);
  });

  test('it is in the audit, with the token that it was done with, and nothing of what was sent', async () => {
    await signIn({ token: hero });
    const [entry] = await auditOf('signIn');
    expect(entry).toMatchObject({ caller: 'hero', kind: 'changes access', outcome: 'done' });
    expect(JSON.stringify(entry)).not.toContain(hero);
  });

  test('no file has the cookie', async () => {
    const [, secret = ''] = (await signIn({ token: owner })).split('=');
    for (const name of readdirSync(gateway.home)) {
      const path = join(gateway.home, name);
      if (statSync(path).isFile()) expect(readFileSync(path, 'latin1')).not.toContain(secret);
    }
  });
});

describe('what a cookie is worth', () => {
  test('it is worth what its token is worth', async () => {
    const cookie = await signIn({ token: hero });
    const asHero = (path: string) => statusWith(cookie, own, 'GET', path);
    expect(await asHero('/api/gateway/sessions')).toBe(200);
    expect(await asHero('/api/gateway/sessions?bot_id=other')).toBe(403);
    expect(await asHero('/api/access/tokens')).toBe(403);
    expect(await asHero('/api/access/sessions')).toBe(403);
    expect(await asHero('/metrics')).toBe(403);
    expect(await statusWith(cookie, own, 'POST', '/api/access/links')).toBe(403);
  });

  test('a token that comes besides counts instead, and a wrong one is worse than none', async () => {
    const cookie = await signIn({ token: owner });
    const who = await ask('GET', session, { cookie, ...own, ...bearer(hero) });
    expect(JSON.parse(who.text)).toMatchObject({ name: 'hero', by: 'token' });
    expect(await statusWith(cookie, { ...own, ...bearer('wrong') })).toBe(401);
    expect(await statusWith(cookie, { ...own, ...basic('x', 'wrong') })).toBe(401);
  });

  test('it outlives a restart of the gateway', async () => {
    const cookie = await signIn({ token: owner });
    await gateway.restart({ MCB_AUTH: 'token' });
    expect(await statusWith(cookie)).toBe(200);
  });

  test.each(['', 'x', 'x'.repeat(43), '"; DROP TABLE sign_ins'])(
    'a made-up one, %j, is nobody, and leaves the browser',
    async (value) => {
      const [name] = (await signIn({ token: owner })).split('=');
      const { status, headers } = await ask('GET', session, {
        ...own,
        cookie: `${name}=${value}`,
      });
      expect(status).toBe(401);
      expect(headers['set-cookie']?.join()).toMatch(/Max-Age=0.*Max-Age=0/);
    },
  );

  test('where there are two of that name, somebody else has put one there: none counts', async () => {
    const [mine, other] = [await signIn({ token: owner }), await signIn({ token: hero })];
    expect(await statusWith(`${other}; ${mine}`)).toBe(401);
    expect(await statusWith(`a=b; ${mine}; c=d`)).toBe(200);
  });
});

describe('other pages can not use it', () => {
  let cookie: string;
  beforeEach(async () => {
    cookie = await signIn({ token: owner });
  });

  test('the page itself reads and writes', async () => {
    expect(await writes(cookie, own)).toBe(true);
    expect(await writes(cookie, { ...own, origin: gateway.url })).toBe(true);
    // As browsers ask in a network without https, and old ones.
    expect(await writes(cookie, { origin: gateway.url })).toBe(true);
    expect(await statusWith(cookie, {})).toBe(200);
    expect(await statusWith(cookie, { 'sec-fetch-site': 'none' })).toBe(200);
  });

  test.each<Headers>([
    // Another site, another port of this machine, a sandbox, an allowed page, and nobody knows who.
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'none' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: allowed },
    { origin: allowed, 'sec-fetch-site': 'cross-site' },
    { origin: allowed, 'sec-fetch-site': 'same-site' },
    {},
  ])('%j writes nothing', async (headers) => {
    expect(await writes(cookie, headers)).toBe(false);
  });

  test.each<Headers>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: allowed },
    { origin: allowed, 'sec-fetch-site': 'cross-site' },
  ])('%j reads nothing', async (headers) => {
    expect([401, 403]).toContain(await statusWith(cookie, headers));
  });

  test('no answer lets another page have cookies', async () => {
    const answer = await ask('GET', '/api/health', { origin: allowed, ...bearer(owner) });
    expect(answer.headers['access-control-allow-origin']).toBe(allowed);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('a form of another site signs nobody in', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
    ])
      expect((await ask('POST', session, headers, { token: owner })).status).toBe(403);
  });
});

describe('the end', () => {
  /** A stream that is open with it. */
  async function stream(cookie: string) {
    const sent = openRequest(`${gateway.url}/api/events`, { headers: { cookie, ...own } });
    let open = true;
    sent.on('error', () => {});
    sent.once('response', (response) => {
      response.on('data', () => {}).on('error', () => {});
      response.once('close', () => {
        open = false;
      });
    });
    await new Promise((resolve) => sent.once('response', resolve));
    return { isOver: () => !open };
  }

  test('signing out ends it, and what is open with it, and no other one', async () => {
    const [mine, other] = [await signIn({ token: owner }), await signIn({ token: owner })];
    const streams = [await stream(mine), await stream(other)];
    const { status, headers, text } = await ask('DELETE', session, { cookie: mine, ...own });
    expect([status, JSON.parse(text)]).toEqual([200, { signed_out: true }]);
    expect(headers['set-cookie']?.join()).toMatch(/Max-Age=0/);
    await eventually('the stream is closed', () => streams[0]?.isOver());
    expect(streams[1]?.isOver()).toBe(false);
    expect([await statusWith(mine), await statusWith(other)]).toEqual([401, 200]);
    expect((await auditOf('signOut'))[0]).toMatchObject({ caller: 'owner', outcome: 'done' });
    // From elsewhere.
    const client = createClient({ baseUrl: gateway.url, token: owner });
    const [newest] = await client.call(operations.listSignIns, {});
    expect(newest?.name).toBe('owner');
    await client.call(operations.endSignIn, { sign_in_id: newest?.id ?? 0 });
    await eventually('the other one is closed too', () => streams[1]?.isOver());
    expect(await statusWith(other)).toBe(401);
  });

  test('who is not signed in signs nothing out', async () => {
    const { text } = await ask('DELETE', session, bearer(owner));
    expect(JSON.parse(text)).toEqual({ signed_out: false });
  });

  test('a token that is revoked ends those that came with it, and what is open', async () => {
    const client = createClient({ baseUrl: gateway.url, token: owner });
    const { token } = await client.call(operations.createToken, { name: 'short' });
    const cookie = await signIn({ token });
    const { path } = await createClient({ baseUrl: gateway.url, token }).call(
      operations.makeSignInLink,
      {},
    );
    const open = await stream(cookie);
    await client.call(operations.revokeToken, { name: 'short' });
    await eventually('the stream is closed', open.isOver);
    expect(await statusWith(cookie)).toBe(401);
    // Nor does a link outlive whoever made it.
    const [, code] = path.split('#');
    expect((await ask('POST', session, own, { code })).status).toBe(401);
  });
});

describe('links', () => {
  const link = async (token = owner) => {
    const client = createClient({ baseUrl: gateway.url, token });
    const { path } = await client.call(operations.makeSignInLink, {});
    return path.split('#')[1] ?? '';
  };

  test('a code counts once', async () => {
    const code = await link();
    const cookie = await signIn({ code });
    expect((await ask('POST', session, own, { code })).status).toBe(401);
    expect(await statusWith(cookie)).toBe(200);
  });

  test('and not after a restart', async () => {
    const lost = await link();
    await gateway.restart({ MCB_AUTH: 'token' });
    expect((await ask('POST', session, own, { code: lost })).status).toBe(401);
  });

  test('the page that it leads to is open, sends nothing elsewhere, and holds no code', async () => {
    const { status, headers, text } = await ask('GET', '/open');
    expect(status).toBe(200);
    expect(String(headers['content-security-policy'])).toContain("script-src 'self';");
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=/i);
    for (const file of ['/open.js', '/open.css']) expect((await ask('GET', file)).status).toBe(200);
  });

  test('a link of another site leads to the page, and to nothing else', async () => {
    const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const click = { ...visit, 'sec-fetch-dest': 'document' };
    expect((await ask('GET', '/open', click)).status).toBe(200);
    expect((await ask('GET', '/open', { ...visit, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await ask('GET', '/open', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask('GET', '/open', { ...click, host: 'evil.example' })).status).toBe(403);
    for (const path of ['/api/access/session', '/docs', '/api/gateway/sessions'])
      expect((await ask('GET', path, { ...click, ...bearer(owner) })).status).toBe(403);
  });
});

describe('mini-claude-bot open', () => {
  const run = promisify(execFile);
  const cli = join(import.meta.dirname, '../../packages/gateway/dist/cli.js');
  const open = async (words: readonly string[], more: Headers = {}) => {
    const environment = testEnvironment(gateway.home, gateway.fake.url);
    const { port } = new URL(gateway.url);
    return run(process.execPath, [cli, 'open', ...words], {
      cwd: gateway.home,
      env: { ...environment, PORT: port, ...more },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) =>
        z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(error),
    );
  };

  test('--print gives a link that signs in once, as the owner of this machine', async () => {
    const { code: status, stdout } = await open(['--print']);
    expect(status).toBe(0);
    const [address, code] = stdout.trim().split('#');
    expect(address).toBe(`${gateway.url}/open`);
    const cookie = await signIn({ code });
    const who = await ask('GET', session, { cookie, ...own });
    expect(JSON.parse(who.text)).toMatchObject({ name: 'page:owner', bot_id: null });
    expect((await auditOf('makeSignInLink'))[0]).toMatchObject({ caller: 'local' });
    expect((await auditOf('signIn'))[0]).toMatchObject({ caller: 'page:owner' });
  });

  test('a browser is started with no secret, but with a file that only its owner can read', async () => {
    const seen = join(gateway.home, 'seen');
    const bin = join(gateway.home, 'bin');
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(bin);
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > '${seen}'\n`, {
      mode: 0o755,
    });
    const { code: status, stdout } = await open([], {
      PATH: `${bin}:${process.env.PATH}`,
      DISPLAY: ':0',
    });
    expect([status, stdout]).toEqual([0, `Opened ${gateway.url} in your browser.\n`]);
    const argument = readFileSync(seen, 'utf8');
    const file = new URL(argument);
    expect(file.protocol).toBe('file:');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [, code] = /url=[^"]*#([\w-]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
    expect(argument).not.toContain(code);
    await signIn({ code });
  });

  test('where no token is needed the page is simply opened', async () => {
    await gateway.restart();
    const { stdout } = await open(['--json']);
    expect(JSON.parse(stdout)).toEqual({ url: `${gateway.url}/`, expires_at: null });
    await gateway.restart({ MCB_AUTH: 'token' });
  });

  test('what can not be done is said in one line', async () => {
    const none = await open(['--url', 'http://127.0.0.1:1']);
    expect([none.code, none.stderr]).toEqual([
      1,
      'No gateway answers at http://127.0.0.1:1. Start it with: mini-claude-bot start\n',
    ]);
    const noDesktop = await open([]);
    expect(noDesktop.code).toBe(1);
    expect(noDesktop.stderr).toMatch(/^There is no desktop here.*--print\n$/);
    const elsewhere = { DATABASE_PATH: join(gateway.home, 'none', 'mcb.db'), MCB_TOKEN: owner };
    const noPlace = await open(['--url', gateway.url], { ...elsewhere, DISPLAY: ':0' });
    expect([noPlace.code, noPlace.stderr]).toEqual([
      1,
      expect.stringMatching(/^There is no place for the link at .*--print\.\n$/),
    ]);
    const bound = await open(['--print'], { MCB_TOKEN: hero });
    expect([bound.code, bound.stderr]).toEqual([1, 'This token is for the bot hero alone.\n']);
  });
});
