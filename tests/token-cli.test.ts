import { execFile } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { noClaude } from './support/no-claude.ts';
import { bearer, rawRequest } from './support/raw-request.ts';
import { testEnvironment } from './support/test-gateway.ts';

const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

let home: string;
let gateway: GatewayProcess | undefined;
beforeEach(() => {
  home = scratchDirectory();
});
afterEach(async () => {
  gateway?.child.kill('SIGKILL');
  await gateway?.exited;
  gateway = undefined;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const environment = (env: Record<string, string> = {}): Record<string, string> => ({
  ...testEnvironment(home, 'http://127.0.0.1:1'),
  ...noClaude,
  ...env,
});

function serve(env: Record<string, string> = {}): GatewayProcess {
  gateway = spawnGateway(environment(env), home);
  return gateway;
}

function token(
  words: readonly string[],
  input = '',
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, 'token', ...words],
      { cwd: home, env: environment(env) },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

describe('a gateway that others could reach', () => {
  test.each([
    [{ HOST: '0.0.0.0' }, 'HOST: "0.0.0.0"'],
    [{ HOST: '::' }, 'HOST: "::"'],
    [{ MCB_AUTH: 'token' }, 'MCB_AUTH: "token"'],
  ])(
    '%o is refused without a token, with the line to write, and nothing is made',
    async (env, words) => {
      const refused = serve(env);
      expect((await refused.exited).code).toBe(2);
      expect(refused.stderr()).toContain(words);
      expect(refused.stderr()).toContain('mini-claude-bot token create');
      expect(existsSync(join(home, 'gateway.db'))).toBe(false);
    },
  );

  test('one that is revoked or expired does not do', async () => {
    await token(['create', 'gone']);
    await token(['revoke', 'gone']);
    expect((await serve({ MCB_AUTH: 'token' }).exited).code).toBe(2);
  });

  test('with one it starts, and lets in who has it', async () => {
    const { stdout } = await token(['create', 'hero', '--bot', 'hero']);
    const url = await serve({ HOST: '0.0.0.0', MCB_AUTH: 'token' }).url;
    expect((await rawRequest(`${url}/api/health`)).status).toBe(401);
    const mine = bearer(stdout.trim());
    expect((await rawRequest(`${url}/api/health`, { headers: mine })).status).toBe(200);
    expect((await rawRequest(`${url}/api/access/tokens`, { headers: mine })).status).toBe(403);
  });
});

test('the token alone is on stdout; the list does not have it', async () => {
  const made = await token(['create', 'hero', '--bot', 'family bot', '--expires', '30d']);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mcb_[\w-]{43}\n$/) });
  expect(made.stderr).toContain('for the bot family bot alone, until ');
  expect(made.stderr).not.toContain(made.stdout.trim());
  const listed = await token(['list']);
  expect(listed.stdout).toMatch(/^NAME +BOT +STATE/);
  expect(listed.stdout).toMatch(/\nhero +family bot +active +\d{4}-\d\d-\d\d +\d{4}-\d\d-\d\d\n$/);
  expect(listed.stdout).not.toContain(made.stdout.trim());
  expect(statSync(join(home, 'gateway.db')).mode & 0o777).toBe(0o600);
});

test('what is done to the tokens stands in the audit, whoever has the database', async () => {
  await token(['create', 'first', '--bot', 'hero']);
  await token(['create', 'first']);
  const url = await serve({ MCB_AUTH: 'token' }).url;
  await token(['create', 'second', '--expires', '30d']);
  await token(['revoke', 'first']);
  const made = await token(['create', 'owner']);
  const client = createClient({ baseUrl: url, token: made.stdout.trim() });
  const common = { kind: 'changes access', outcome: 'done' };
  const byCommand = { ...common, caller: expect.stringMatching(/^cli:/), address: null };
  const asked = { ...common, caller: 'local', address: '127.0.0.1' };
  expect(await client.call(operations.listAudit, {})).toMatchObject([
    { ...asked, operation: 'createToken', about: { name: 'owner' } },
    { ...asked, operation: 'revokeToken', about: { name: 'first' } },
    { ...asked, operation: 'createToken', about: { name: 'second', expires_in: '2592000' } },
    { ...byCommand, operation: 'createToken', outcome: 'conflict' },
    { ...byCommand, operation: 'createToken', bot_id: 'hero', about: { name: 'first' } },
  ]);
});

test('a gateway that runs is asked: at once, whatever it asks others for, and without a token', async () => {
  await token(['create', 'first']);
  const url = await serve({ MCB_AUTH: 'token' }).url;
  const made = await token(['create', 'second']);
  expect(made.code).toBe(0);
  const headers = bearer(made.stdout.trim());
  expect((await rawRequest(`${url}/api/health`, { headers })).status).toBe(200);
  expect((await token(['list'])).stdout).toContain('first');
  expect((await token(['revoke', 'second'])).code).toBe(0);
  expect((await rawRequest(`${url}/api/health`, { headers })).status).toBe(401);
  const client = createClient({ baseUrl: url, token: made.stdout.trim() });
  await expect(client.call(operations.ping, {})).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a gateway that was killed leaves nothing that lets anybody in', async () => {
  await token(['create', 'first']);
  const killed = serve({ MCB_AUTH: 'token' });
  await killed.url;
  killed.child.kill('SIGKILL');
  await killed.exited;
  // What it left is of no use, and in nobody's way.
  expect((await token(['create', 'second'])).code).toBe(0);
});

test('one that exists already comes through the input, and must be good', async () => {
  const own = 'f3a91c07b2d85e64a1f09c3b7d2e8514';
  const made = await token(['create', 'own', '--stdin'], `${own}\n`);
  expect(made).toMatchObject({ code: 0, stdout: '' });
  const weak = await token(['create', 'weak', '--stdin'], 'password\n');
  expect(weak).toMatchObject({ code: 1, stderr: expect.stringContaining('32 to 256 characters') });
  const url = await serve().url;
  expect((await rawRequest(`${url}/api/health`, { headers: bearer(own) })).status).toBe(200);
});

test.each([
  [['create'], 2, 'missing required argument'],
  [['create', 'a b'], 2, 'letters, digits'],
  [['create', '-rf'], 2, 'unknown option'],
  [['create', 'loopback'], 2, 'must not be'],
  [['create', 'x', '--bot', '..'], 2, 'bot_id'],
  [['create', 'x', '--expires', 'soon'], 2, '30d'],
  [['revoke', 'nothing'], 1, 'no token of this name'],
  [['create', 'x', '--stdin'], 2, 'no token in the input'],
])('%o ends with %i: %s', async (words, code, says) => {
  const ended = await token(words);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(says);
  expect(ended.stdout).toBe('');
});
