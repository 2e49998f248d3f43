import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Operation, operations } from '@mini-claude-bot/contract';
import { type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDelivery } from '../support/add-delivery.ts';
import { validValue } from '../support/arbitrary-input.ts';
import { markedProcesses } from '../support/claude-processes.ts';
import { answerText } from '../support/endless.ts';
import { eventually } from '../support/eventually.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from '../support/gateway-process.ts';
import { operationRequest } from '../support/operation-request.ts';
import { testEnvironment } from '../support/test-gateway.ts';
import { everythingIn } from './every-file.ts';

/** A secret that is planted, told from all others by its number. */
let planted = 0;
const canary = (): string => {
  planted += 1;
  return `canary-${planted}-${randomBytes(8).toString('hex')}`;
};
/** What all of them have in common: nothing that leaves the gateway may match it. */
const anyCanary = /canary-\d/;

const inFile = { METRICS_SECRET: canary(), SMTP_PASSWORD: canary() };
const gatewayToken = canary();
/** Of a chat that somebody has named like a secret: it is stored as what it is, a name. */
const named = inFile.SMTP_PASSWORD;
/** Of a caller that the owner has let in. */
const callersToken = `${canary()}${randomBytes(32).toString('base64url')}`;
const inEnvironment = {
  MCB_TOKEN: gatewayToken,
  TELEGRAM_BOT_TOKEN: `123456789:${canary()}`,
  // Nobody is there: what can't be sent is complained about.
  TELEGRAM_API_ROOT: 'http://127.0.0.1:9',
  MCB_API_BASE: `http://hero:${canary()}@gateway.example:8000/api`,
  GATEWAY_ADDRESS: `http://hero:${gatewayToken}@gateway.example:8000`,
  OLLAMA_BASE_URL: `http://me:${canary()}@127.0.0.1:9`,
  DASHBOARD_PUSH_URL: `https://me:${canary()}@dashboard.example/push`,
};

let home: string;
let fake: FakeAnthropic;
let gateway: GatewayProcess;
let url: string;
/** Everything that was answered, heads and bodies. */
const answers: string[] = [];

beforeAll(async () => {
  home = scratchDirectory();
  fake = await startFakeAnthropic();
  const lines = Object.entries(inFile).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(home, '.env'), lines.join('\n'), { mode: 0o600 });
  const environment = { ...testEnvironment(home, fake.url), ...inEnvironment, LOG_LEVEL: 'trace' };
  gateway = spawnGateway({ ...environment, GATEWAY_FAILED_TRIES_PER_MINUTE: '2' }, home);
  url = await gateway.url;
  // The one answer that says a token is the one that makes it.
  const made = await fetch(`${url}/api/access/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'hero', token: callersToken }),
  });
  expect(made.status).toBe(201);
  await everythingOnce();
}, 300_000);
afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  for (const pid of await markedProcesses(home)) process.kill(pid, 'SIGKILL');
  await fake.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Secrets where callers put them: in fields, headers and addresses. */
const headers = () => ({
  authorization: `Bearer ${callersToken}`,
  cookie: `session=${canary()}`,
  'x-api-key': canary(),
  'content-type': 'application/json',
});

async function call(
  method: string,
  path: string,
  body?: unknown,
  more: object = {},
): Promise<string> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method,
    headers: { ...headers(), ...more },
    ...(body === undefined ? {} : { body: text }),
  });
  const answer = `${response.status} ${JSON.stringify([...response.headers])} ${await answerText(response)}`;
  answers.push(answer);
  return answer;
}

const post = (path: string, body: unknown, more: object = {}) => call('POST', path, body, more);
const send = (chat_id: string, message: string) =>
  post('/api/gateway/send', {
    chat_id,
    message,
    bot_token: `987654321:${canary()}`,
    token: canary(),
  });

async function everythingOnce(): Promise<void> {
  await turns();
  await deliveries();
  await everyOperation();
  await faults();
  await strangers();
  await brokenRequests();
  await Promise.all(
    [
      '/api/gateway/sessions',
      '/api/gateway/turns',
      '/api/chat/sessions',
      '/api/audit',
      '/health',
      '/docs',
    ]
      .concat(['/openapi.json', '/api/gateway/queue-status/1', '/api/chat/sessions/gw-default-1'])
      .map((path) => call('GET', `${path}?token=${canary()}`)),
  );
}

async function turns(): Promise<void> {
  const look =
    'env > seen.txt; cat /proc/$PPID/environ /proc/$PPID/cmdline >> seen.txt; cat seen.txt';
  await send('1', `[[bash:${look}]] [[/]] [[result]]`);
  // A secret that Claude has come upon, such as in a file of its owner's.
  writeFileSync(
    join(home, 'sessions/default/1/found.txt'),
    `${inFile.METRICS_SECRET} ${gatewayToken}\n`,
  );
  await send('1', '[[bash:cat found.txt]] [[/]] [[text:I found]] [[result]]');
  await post('/api/gateway/send-stream', {
    chat_id: '1',
    message: '[[bash:cat found.txt]] [[/]] [[chunk:5]] [[result]]',
  });
  rmSync(join(home, 'sessions/default/1/found.txt'));
  // One in a name, of a chat with something that the gateway complains about in its log.
  const large = 'mkdir .harness && truncate -s 1T .harness/large';
  await send(named, `[[bash:${large}]] [[/]] [[text:made]]`);
  await post('/api/gateway/stop', { chat_id: named });
  rmSync(join(home, 'sessions/default', named), { recursive: true });
  for (const failure of [
    '[[status:401]]',
    '[[status:400]]',
    '[[limit]]',
    '[[cut-mid]]',
    '[[garbage]]',
  ])
    await send('3', `${failure} [[text:x]]`);
  const stopped = send('4', '[[hang]]');
  await eventually('it runs', async () =>
    /"busy":true/.test(await call('GET', '/api/gateway/queue-status/4')),
  );
  await post('/api/gateway/sessions/4/reset', {});
  await stopped;
  await post('/api/gateway/stop', { chat_id: '4', bot_token: canary() });
}

/** A bot's token is a part of the address that is called. */
async function deliveries(): Promise<void> {
  const id = addDelivery(home);
  await post(`/api/outbox/${id}/retry`, {});
  await eventually('it was tried', async () =>
    /"attempts":[1-9]/.test(await call('GET', `/api/outbox/${id}`)),
  );
}

/** New operations are tried without being listed here: with what they take, and secrets beside it. */
async function everyOperation(): Promise<void> {
  for (const operation of Object.values<Operation>(operations)) {
    const fields = Object.entries(operation.input.shape).map(
      ([name, type]) => [name, validValue(type)] as const,
    );
    for (const input of fc.sample(fc.record(Object.fromEntries(fields)), { seed: 4, numRuns: 2 })) {
      const secrets = { bot_token: `987654321:${canary()}`, token: canary(), password: canary() };
      const { method, path, body, ...rest } = operationRequest(operation, { ...input, ...secrets });
      await call(method, path, body, rest.headers);
    }
  }
}

async function faults(): Promise<void> {
  const [known] = Object.values(inFile);
  await post('/api/gateway/send', `{"chat_id": "1", "bot_token": "${canary()}"`);
  await post('/api/gateway/send', { chat_id: `../${known}`, message: 'x', bot_token: canary() });
  await post('/api/gateway/send', { chat_id: [canary()], message: { token: canary() } });
  await post('/api/gateway/send', `token=${canary()}`, { 'content-type': 'text/plain' });
  await post('/api/gateway/send', {
    chat_id: '1',
    message: 'x'.repeat(2_000_000),
    token: canary(),
  });
  await post('/api/gateway/sessions/reap', { token: canary() });
  await call('GET', `/api/${known}?bot_token=${canary()}`);
  await call('GET', `/api/gateway/turns/${known}`);
  await call('GET', `/%zz?token=${canary()}`);
  await call('DELETE', `/api/gateway/send?token=${canary()}`);
}

/** Who comes with a token that is none, until no more are looked at; and what is done with one that is. */
async function strangers(): Promise<void> {
  const basic = Buffer.from(`me:${canary()}`).toString('base64');
  for (const authorization of [
    `Bearer ${canary()}`,
    `Basic ${basic}`,
    `Bearer ${canary()}`,
    canary(),
  ])
    await call('GET', `/api/gateway/sessions?token=${canary()}`, undefined, { authorization });
  await post('/api/access/tokens', { name: 'weak', token: `${canary()} and a space` });
  await post('/api/access/tokens', { name: 'hero', token: canary() });
  await call('GET', '/api/access/tokens');
  await call('DELETE', `/api/access/tokens/${canary()}`);
}

/** What is no HTTP, or breaks off. */
async function brokenRequests(): Promise<void> {
  const { port } = new URL(url);
  for (const text of [
    `GET /?token=${canary()} HTTP/9.9\r\nAuthorization: Bearer ${canary()}\r\n\r\n`,
    `POST /api/gateway/send HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\nAuthorization: ${canary()}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${canary()}${'x'.repeat(100_000)}\r\n\r\n`,
  ]) {
    const socket = connect(Number(port), '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (data: string) => {
      answer += data;
    });
    await new Promise((resolve) => socket.once('close', resolve).on('error', resolve));
    answers.push(answer);
  }
  const path = `/api/gateway/send?token=${canary()}`;
  const cut = request(url + path, {
    method: 'POST',
    headers: { ...headers(), 'content-length': 99 },
  });
  await new Promise((resolve) => {
    cut.on('error', resolve);
    cut.write(`{"bot_token": "${canary()}"`, () => cut.destroy(new Error('gone')));
  });
}

test('the run was what it should be: turns that went well and badly, and many a fault', () => {
  const statuses = new Set(answers.map((answer) => /^(HTTP\/1.1 )?(\d+)/.exec(answer)?.[2]));
  expect([...statuses]).toEqual(
    expect.arrayContaining(['200', '400', '401', '404', '413', '415', '422', '429']),
  );
  const answered = (words: string) => answers.some((answer) => answer.includes(words));
  expect(answered('[ERROR]')).toBe(true);
  expect(answered('I found\\n\\n[hidden] [hidden]')).toBe(true);
  expect(gateway.stderr().trim().split('\n').length).toBeGreaterThan(1);
});

test('no answer has a secret in it', () => {
  expect(answers.filter((answer) => anyCanary.test(answer))).toEqual([]);
});

test('no line of the log, at the level of trace, has one', () => {
  const lines = `${gateway.stderr()}\n${gateway.stdout()}`.split('\n');
  expect(lines.filter((line) => anyCanary.test(line))).toEqual([]);
  // There was something to hide.
  expect(lines.join('\n')).toMatch(/"directory":"[^"]*\[hidden\]".*could not be archived/);
  for (const line of gateway.stderr().trim().split('\n'))
    expect(() => JSON.parse(line)).not.toThrow();
});

test('no tool of Claude’s has one in its environment, nor Claude itself', () => {
  const seen = readFileSync(join(home, 'sessions', 'default', '1', 'seen.txt'), 'utf8');
  expect(seen).toContain('MCB_PROCESS_MARKER');
  expect(seen).not.toMatch(anyCanary);
  expect(seen).not.toMatch(
    /METRICS_SECRET|MCB_TOKEN|MCB_API_BASE|TELEGRAM_BOT_TOKEN|SMTP_PASSWORD/,
  );
});

test('no process of this machine has one among its arguments', () => {
  const open = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return anyCanary.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        return false;
      }
    });
  expect(open).toEqual([]);
});

/** Of a row that was deleted, SQLite may leave the half. */
const partsOf = (value: string): RegExp =>
  new RegExp(`${/^canary-\d+/.exec(value)?.[0]}(?!\\d)[-\\w]*`, 'g');

test('no file has one: not the database, nor its log, nor what Claude keeps', () => {
  const { files } = everythingIn(home);
  expect(files.some((path) => path.endsWith('gateway.db'))).toBe(true);
  // Claude writes down what it finds, and where: in files of its own, where only it reads.
  const found = [inFile.METRICS_SECRET, gatewayToken, named];
  const ofClaude = join(home, '.claude');
  const held = files
    .filter((path) => path !== join(home, '.env'))
    .filter((path) => {
      const text = readFileSync(path, 'latin1');
      const allowed = path.startsWith(ofClaude) ? found : [named];
      return anyCanary.test(
        allowed.reduce((left, value) => left.replace(partsOf(value), ''), text),
      );
    });
  expect(held).toEqual([]);
});
