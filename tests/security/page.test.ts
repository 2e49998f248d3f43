import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noClaude } from '../support/no-claude.ts';
import { rawRequest } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const index = '<!doctype html><script type="module" src="/assets/app-abc.js"></script>';
const script = `console.log(${'"the page",'.repeat(100)}1)`;

let gateway: TestGateway;
let place: string;
let dist: string;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'mcb-page-'));
  dist = join(place, 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(dist, 'index.html'), index);
  writeFileSync(join(dist, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(dist, '.hidden'), 'hidden');
  writeFileSync(join(place, 'outside.txt'), 'outside');
  writeFileSync(join(dist, 'assets', 'app-abc.js'), script);
  writeFileSync(join(dist, 'assets', 'app-abc.js.br'), brotliCompressSync(script));
  writeFileSync(join(dist, 'assets', 'app-abc.js.gz'), gzipSync(script));
  gateway = await startTestGateway({
    env: { ...noClaude, MCB_AUTH: 'loopback' },
    pageDirectory: dist,
  });
  await gateway.client.call((await import('@mini-claude-bot/contract')).operations.createToken, {
    name: 'owner',
  });
  // Nobody has a token here: what is given all the same is nobody's secret.
  await gateway.restart({ MCB_AUTH: 'token' });
});
afterAll(async () => {
  await gateway.stop();
  rmSync(place, { recursive: true });
});

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  rawRequest(gateway.url + path, { method, headers });

const bytesOf = async (path: string, encoding: string) => {
  const { request } = await import('node:http');
  return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    const sent = request(gateway.url + path, { headers: { 'accept-encoding': encoding } });
    sent.once('error', reject).once('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('end', () =>
        resolve({ headers: response.headers, bytes: Buffer.concat(pieces) }),
      );
    });
    sent.end();
  });
};

describe('the page is for everybody, and says nothing of anybody', () => {
  test.each(['/', '/chats/family', '/chats/gw-a-b?message=3', '/memory/', '/healthy', '/docsish'])(
    'GET %s is the page',
    async (path) => {
      const { status, headers, text } = await ask(path, html);
      expect([status, text]).toEqual([200, index]);
      expect(headers).toMatchObject({
        'content-type': expect.stringContaining('text/html'),
        'cache-control': 'public, max-age=0',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|http|data|blob)/);
    },
  );

  test('its root needs no Accept; another address without one is not the page', async () => {
    expect((await ask('/')).text).toBe(index);
    expect((await ask('/chats/family')).status).toBe(401);
    expect((await ask('/chats/family', { accept: '*/*' })).status).toBe(401);
  });

  test.each([
    '/api/chats',
    '/api',
    '/api/gateway/sessions',
    '/mcp',
    '/metrics',
    '/docs',
    '/docs/nothing',
    '/openapi.json',
    '/health',
  ])('%s stays the API, also for those who would like a page', async (path) => {
    const { status, text } = await ask(path, html);
    expect(status).toBe(401);
    expect(text).not.toContain('doctype');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s gets no page', async (method) => {
    expect((await ask('/chats', html, method)).status).toBe(401);
  });

  test('HEAD has no body', async () => {
    const { status, text, headers } = await ask('/', html, 'HEAD');
    expect([status, text, headers['content-length']]).toEqual([200, '', String(index.length)]);
  });

  test.each([
    '/../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/../../outside.txt',
    '/assets/..%5c..%5coutside.txt',
    '//outside.txt',
    '/.hidden',
    '/%2ehidden',
    '/assets/%00',
    '/assets',
    '/assets/',
  ])('%s leads nowhere', async (path) => {
    const { status, text } = await ask(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toMatch(/outside\n?$|^hidden/);
  });

  test('a host that is not ours gets no page either', async () => {
    expect((await ask('/', { ...html, host: 'evil.example' })).status).toBe(403);
    expect((await ask('/', { ...html, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });
});

describe('files', () => {
  test('those with a hash in their name are kept for good, others are asked for each time', async () => {
    const asset = await ask('/assets/app-abc.js');
    expect(asset.text).toBe(script);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.headers['content-type']).toContain('javascript');
    const icon = await ask('/icon.svg');
    expect(icon.headers['cache-control']).toBe('public, max-age=0');
    const etag = String(icon.headers.etag);
    expect((await ask('/icon.svg', { 'if-none-match': etag })).status).toBe(304);
  });

  test('go compressed to those who take that', async () => {
    const br = await bytesOf('/assets/app-abc.js', 'gzip, br');
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(String(brotliDecompressSync(br.bytes))).toBe(script);
    const gz = await bytesOf('/assets/app-abc.js', 'gzip');
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(String(gunzipSync(gz.bytes))).toBe(script);
    const plain = await bytesOf('/assets/app-abc.js', 'identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    // What has no compressed form comes as it is.
    expect((await bytesOf('/icon.svg', 'br')).headers['content-encoding']).toBeUndefined();
  });

  test('one that is not there is no page', async () => {
    expect((await ask('/assets/app-old.js')).status).toBe(401);
  });

  test('a page that was built meanwhile is there; one that is gone says how to build it', async () => {
    renameSync(dist, `${dist}.away`);
    const gone = await ask('/chats', html);
    expect(gone.status).toBe(503);
    expect(gone.text).toContain('npm run build');
    expect(gone.text).not.toContain('<script');
    renameSync(`${dist}.away`, dist);
    expect((await ask('/chats', html)).text).toBe(index);
  });

  test('a directory in the place of a file is none', async () => {
    symlinkSync(place, join(dist, 'loop'));
    expect((await ask('/loop')).status).toBe(401);
    rmSync(join(dist, 'loop'));
  });
});
