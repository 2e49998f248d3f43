import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bearer, rawRequest } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway, testEnvironment } from '../support/test-gateway.ts';

const program = fileURLToPath(
  new URL('../../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);
const run = promisify(execFile);
vi.setConfig({ testTimeout: 120_000 });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  const message = {
    chat_id: '7',
    bot_id: 'hero',
    message: '[[text:what was said]]',
    username: 'Ada',
  };
  await gateway.client.call(operations.sendMessage, { ...message, idempotency_key: 'k' });
  await gateway.client.call(operations.sendMessage, { ...message, idempotency_key: 'k' });
  for await (const _ of gateway.client.stream(operations.streamMessage, {
    ...message,
    bot_id: 'b',
  }));
  await gateway.client.call(operations.stopChat, { chat_id: '7', bot_id: 'hero' });
  await gateway.post('/api/gateway/stop', { chat_id: '..' });
  await gateway.client.call(operations.listSessions, {});
});
afterAll(() => gateway.stop());

const mcb = async (...words: string[]): Promise<string> => {
  const env = testEnvironment(gateway.home, gateway.fake.url);
  return (await run(process.execPath, [program, ...words], { cwd: gateway.home, env })).stdout;
};

test('it tells who did what, on what, from where and with what outcome, and each turn once', async () => {
  const entries = await gateway.client.call(operations.listAudit, {});
  const [turn] = await gateway.client.call(operations.listTurns, { bot_id: 'hero' });
  const common = { caller: 'loopback', address: '127.0.0.1', outcome: 'done' };
  expect(entries).toMatchObject([
    { ...common, operation: 'stopChat', kind: 'deletes', bot_id: 'hero', about: { chat_id: '7' } },
    { ...common, operation: 'streamMessage', kind: 'runs', bot_id: 'b' },
    { ...common, operation: 'sendMessage', about: { chat_id: '7', turn_id: turn?.id } },
  ]);
  expect(entries).toHaveLength(3);
  expect(JSON.stringify(entries)).not.toMatch(/what was said|Ada/);
});

test('it tells of tokens: made, refused, wrong and revoked, by whom, and never what they are', async () => {
  const last = (await gateway.client.call(operations.listAudit, {}))[0]?.id ?? 0;
  const { createToken, listAudit, revokeToken } = operations;
  const made = await gateway.client.call(createToken, { name: 'brief', bot_id: 'hero' });
  await gateway.post('/api/access/tokens', { name: 'brief' });
  const own = 'f3a91c07b2d85e64a1f09c3b7d2e8514';
  const asked = { method: 'POST', body: JSON.stringify({ chat_id: '7', bot_id: 'b' }) };
  const stop = (token: string) =>
    rawRequest(`${gateway.url}/api/gateway/stop`, { ...asked, headers: bearer(token) });
  expect((await stop(made.token)).status).toBe(403);
  expect((await stop('wrong-token')).status).toBe(401);
  // Who takes the token for its name has not revoked it: it must not be read here.
  for (const name of [made.token, own])
    await gateway.client.call(revokeToken, { name }).catch(() => {});
  await gateway.client.call(revokeToken, { name: 'brief' });
  const entries = await gateway.client.call(listAudit, {});
  const kind = 'changes access';
  const about = { name: 'brief' };
  expect(entries.filter(({ id }) => id > last)).toMatchObject([
    { caller: 'loopback', operation: 'revokeToken', kind, about, outcome: 'done' },
    { caller: 'unknown', operation: 'authenticate', kind, outcome: 'unauthorized' },
    { caller: 'brief', operation: 'stopChat', kind: 'deletes', outcome: 'forbidden' },
    { caller: 'loopback', operation: 'createToken', kind, about, outcome: 'conflict' },
    { operation: 'createToken', kind, bot_id: 'hero', about, outcome: 'done' },
  ]);
  expect(JSON.stringify(entries)).not.toMatch(new RegExp(`wrong-token|${own}|${made.token}`));
});

test('it is read page by page, and of one bot', async () => {
  const all = await gateway.client.call(operations.listAudit, {});
  const [newest, ...older] = all;
  const page = await gateway.client.call(operations.listAudit, { before: newest?.id, limit: 1 });
  expect(page).toEqual(older.slice(0, 1));
  const ofOne = await gateway.client.call(operations.listAudit, { bot_id: 'b' });
  expect(ofOne.map(({ operation }) => operation)).toEqual(['streamMessage']);
});

test('the command shows the same, while a gateway runs, and deletes only when told to', async () => {
  const entries = await gateway.client.call(operations.listAudit, {});
  expect(JSON.parse(await mcb('audit', '--json'))).toEqual(entries);
  const lines = (await mcb('audit')).trim().split('\n');
  expect(lines).toHaveLength(entries.length);
  expect(lines.at(2)).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d loopback \(127\.0\.0\.1\) stopChat bot_id="hero" chat_id="7" done$/,
  );
  expect(await mcb('audit', '--delete-before', '2020-01-01')).toContain('Deleted 0 entries');
  const deleted = entries.length + 1;
  expect(await mcb('audit', '--delete-before', '2200-01-01')).toContain(
    `Deleted ${deleted} entries`,
  );
  const left = await gateway.client.call(operations.listAudit, {});
  expect(left).toMatchObject([
    { operation: 'deleteAudit', address: null, about: { entries: `${deleted}` }, outcome: 'done' },
  ]);
  expect(left[0]?.caller).toMatch(/^cli:/);
  // The gateway goes on with it, and it can be changed as little as before.
  await gateway.client.call(operations.stopChat, { chat_id: '7', bot_id: 'hero' });
  expect(await gateway.client.call(operations.listAudit, {})).toHaveLength(2);
});

test.each([
  [['--limit', '0'], 'no whole number'],
  [['--before', 'x'], 'no whole number'],
  [['--bot', '../x'], 'no bot'],
  [['--delete-before', 'yesterday'], 'no date'],
])('%j is refused in words', async (words, said) => {
  const failed = await mcb('audit', ...words).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
});
