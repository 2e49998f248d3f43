import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { openStream } from './support/stream.ts';
import { testEnvironment } from './support/test-gateway.ts';

let home: string;
let fake: FakeAnthropic;
const started: GatewayProcess[] = [];
beforeEach(async () => {
  home = scratchDirectory();
  fake = await startFakeAnthropic();
});
afterEach(async () => {
  for (const { child, exited } of started.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  for (const pid of await markedProcesses(home)) process.kill(pid, 'SIGKILL');
  await fake.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function start(env: Record<string, string> = {}): GatewayProcess {
  const gateway = spawnGateway({ ...testEnvironment(home, fake.url), ...env }, home);
  started.push(gateway);
  return gateway;
}

const send = (url: string, message: string, chat_id = '1') =>
  createClient({ baseUrl: url }).call(operations.sendMessage, { chat_id, message });

test.each([
  ['PORT', '80000', 'a whole number from 0 to 65535'],
  ['PORT', 'http', 'a whole number from 0 to 65535'],
  ['GATEWAY_CLAUDE_TIMEOUT', '-1', 'a whole number from 1'],
  ['CLAUDE_PERMISSION_MODE', 'yolo', 'one of bypassPermissions'],
  ['OLLAMA_BASE_URL', 'localhost', 'an address that begins with http'],
  ['REPORT_CC', 'nobody', 'an e-mail address'],
  ['HOST', '0.0.0.0', 'an address of this machine itself'],
])('a bad %s is one clear line, and nothing is started', async (name, value, form) => {
  const gateway = start({ [name]: value });
  expect(await gateway.exited).toEqual({ code: 2, signal: null });
  const lines = gateway.stderr().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`${name}: ${JSON.stringify(value)}`);
  expect(lines[0]).toContain(form);
  expect(gateway.stdout()).toBe('');
  expect(existsSync(join(home, 'gateway.db'))).toBe(false);
});

test('a .env file counts, and the environment counts more', async () => {
  writeFileSync(
    join(home, '.env'),
    'GATEWAY_MAX_CLAUDE_PROCESSES=7\nGATEWAY_QUEUE_WAIT_TIMEOUT=33\nPORT=99999\n',
  );
  const url = await start({ GATEWAY_QUEUE_WAIT_TIMEOUT: '44' }).url;
  const status = await createClient({ baseUrl: url }).call(operations.queueStatus, {
    chat_id: '1',
  });
  expect(status).toMatchObject({ slots_max: 7, queue_wait_timeout: 44 });
});

test('it says where it listens, and that Claude is logged in or what to do', async () => {
  const gateway = start();
  await gateway.url;
  await eventually('it says so', () => gateway.stdout().includes('Claude is logged in'));
  const other = start({ ANTHROPIC_API_KEY: '', DATABASE_PATH: join(home, 'other.db') });
  await other.url;
  await eventually('it says what to do', () => other.stdout().includes('mini-claude-bot login'));
});

test('a port that is taken, and a database in use, are told in one line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await eventually('it listens', () => server.listening);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const blocked = start({ PORT: String(port) });
  expect(await blocked.exited).toEqual({ code: 1, signal: null });
  expect(blocked.stderr()).toMatch(/^Port \d+ is in use already\. .*PORT\.\n$/);
  server.close();
  const first = start();
  await first.url;
  const second = start();
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(second.stderr()).toContain(`in use by another gateway (process ${first.child.pid})`);
});

test('asked to stop, it lets the running turn end, and leaves nothing behind', async () => {
  const gateway = start();
  const url = await gateway.url;
  const answer = send(url, '[[slow:20]] [[words:20]]');
  await eventually('it runs', async () => fake.requests.some(({ state }) => state === 'streaming'));
  gateway.child.kill('SIGTERM');
  expect((await answer).response.split(' ')).toHaveLength(20);
  expect(await gateway.exited).toEqual({ code: 0, signal: null });
  expect(await markedProcesses(home)).toEqual([]);
});

test('killed in mid-turn, it comes back: what waited is answered once, what ran is told, orphans are ended', async () => {
  const gateway = start();
  const url = await gateway.url;
  const cut = [
    openStream(url, { chat_id: '1', message: '[[bash:setsid sleep 3600]] first' }),
    openStream(url, { chat_id: '1', message: '[[text:second answer]]' }),
  ];
  await Promise.all(cut);
  await eventually('the tool runs', async () => (await markedProcesses(home)).length >= 2);
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  expect((await markedProcesses(home)).length).toBeGreaterThan(0);

  const again = start();
  const newUrl = await again.url;
  expect((await send(newUrl, '[[text:second answer]]')).response).toBe('second answer');
  expect((await send(newUrl, '[[bash:setsid sleep 3600]] first')).response).toMatch(
    /^\[ERROR\] The gateway was restarted/,
  );
  const client = createClient({ baseUrl: newUrl });
  const rows = await client.call(operations.getChatSession, { session_id: 'gw-default-1' });
  expect(rows.map(({ role, source }) => `${role} ${source}`)).toEqual([
    'user telegram',
    'user telegram',
    'assistant error',
    'assistant telegram',
  ]);
  const left = await markedProcesses(home);
  expect(left).toHaveLength(1);
});

test('as root without a sandbox it answers in the mode that Claude takes, and says what that means', async () => {
  if (process.getuid?.() !== 0) return;
  const gateway = start({ IS_SANDBOX: '' });
  const url = await gateway.url;
  await eventually('it says so', () => gateway.stdout().includes('acceptEdits is used instead'));
  expect(gateway.stdout()).toContain('CLAUDE_PERMISSION_MODE');
  expect((await send(url, '[[text:hello]]')).response).toBe('hello');
  expect((await send(url, '[[bash:touch made.txt]] [[/]] [[text:done]]')).response).toBe('done');
  expect(existsSync(join(home, 'sessions/default/1/made.txt'))).toBe(true);
  const { response } = await send(url, '[[bash:node -e 1]] [[/]] [[result]]');
  expect(response).toContain('requires approval');
});

test("the gateway's own secrets do not reach Claude, the owner's variables do", async () => {
  writeFileSync(join(home, '.env'), 'METRICS_SECRET=canary-of-the-test\nFROM_THE_FILE=passed-on\n');
  const url = await start({ CLAUDECODE: '1', OF_THE_OWNER: 'kept' }).url;
  const { response } = await send(url, '[[bash:env]] [[/]] [[result]]');
  expect(response).not.toContain('canary-of-the-test');
  expect(response).toContain('OF_THE_OWNER=kept');
  expect(response).toContain('FROM_THE_FILE=passed-on');
});

test('its files are for its owner alone', async () => {
  await start().url;
  for (const name of ['gateway.db', 'gateway.db.lock', 'gateway.db.pid']) {
    expect(statSync(join(home, name)).mode & 0o077, name).toBe(0);
  }
  expect(statSync(join(home, 'sessions')).mode & 0o077).toBe(0);
});
