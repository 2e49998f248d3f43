import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations, type TurnEvent } from '@mini-claude-bot/contract';
import { afterEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { openNumbered } from './support/numbered-stream.ts';
import { openStream, readStream, rest, textOf } from './support/stream.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

async function start(env: Record<string, string> = {}): Promise<TestGateway> {
  gateway = await startTestGateway({ env });
  return gateway;
}

const send = async ({ client }: TestGateway, message: string): Promise<string> =>
  (await client.call(operations.sendMessage, { chat_id: '1', message })).response;

const lastRow = async ({ client }: TestGateway) =>
  (await client.call(operations.getChatSession, { session_id: 'gw-default-1', limit: 1 }))[0];

test.each([
  ['a refused key', '[[status:401]]', /not logged in/],
  ['an overloaded API', '[[status:529]]', /overloaded/],
  ['a server error', '[[status:500]]', /could not answer/],
  ['a limit', `[[status:429]] [[header:retry-after=0]]`, /limit/],
  ['a conversation that is too long', '[[status:413]]', /too long/],
  ['a connection that is cut', '[[cut]]', /could not answer/],
])(
  '%s is told in words, marked in the history, and the chat goes on',
  async (_what, prompt, words) => {
    const gateway = await start({ CLAUDE_CODE_MAX_RETRIES: '1' });
    const response = await send(gateway, prompt);
    expect(response).toMatch(/^\[ERROR\] /);
    expect(response).toMatch(words);
    expect(response).not.toContain('sk-ant-test');
    expect(await lastRow(gateway)).toMatchObject({
      role: 'assistant',
      source: 'error',
      content: response,
    });
    const events = await readStream(gateway.url, { chat_id: '1', message: prompt });
    // It reached Claude: an `error` event would make the client send it once more.
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      content: expect.stringMatching(/^\[ERROR\] /),
    });
    expect(await send(gateway, '[[text:well again]]')).toBe('well again');
  },
);

test('an account at its limit says when that ends', async () => {
  // Limits of this kind are a subscription's: the login is a token, not a key.
  const gateway = await start({
    ANTHROPIC_API_KEY: '',
    CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test',
  });
  const response = await send(gateway, '[[limit]]');
  expect(response).toMatch(
    /^\[ERROR\] The Claude account of this bot has reached its 5-hour limit\./,
  );
  expect(response).toMatch(/resets at \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
});

test('Claude that is not logged in is told in words', async () => {
  const gateway = await start({ ANTHROPIC_API_KEY: '' });
  expect(await send(gateway, 'hello')).toMatch(/^\[ERROR\] Claude is not logged in/);
  expect(await send(gateway, 'hello')).toMatch(/^\[ERROR\] Claude is not logged in/);
});

test('without a Claude program the message is not run, and says so', async () => {
  const missing = join('/nowhere', 'claude');
  const gateway = await start({ CLAUDE_BIN: missing });
  expect(await send(gateway, 'hello')).toMatch(
    /^\[ERROR\] Claude Code was not found: CLAUDE_BIN=\/nowhere/,
  );
  const events = await readStream(gateway.url, { chat_id: '1', message: 'hello' });
  expect(events.at(-1)).toMatchObject({ type: 'error', code: 'claude_missing' });
  expect((await gateway.get('/api/health')).status).toBe(200);
});

/** A program of the test's own in Claude's place. */
function script(gateway: TestGateway, name: string, body: string): string {
  const path = join(gateway.home, name);
  writeFileSync(
    path,
    `#!/bin/sh\ncase "$1" in --version) echo "2.1.330 (Claude Code)"; exit 0;; esac\n${body}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

test.each([
  ['crashes at once', 'echo boom >&2; exit 3', /boom/],
  ['prints garbage and ends', 'echo "<<<garbage>>>"; exit 0', /ended unexpectedly/],
])('a Claude that %s is told in words', async (_what, body, words) => {
  const first = await start();
  const path = script(first, 'claude-of-the-test', body);
  const config = { CLAUDE_BIN: path };
  const other = await startTestGateway({ env: config });
  try {
    const response = await send(other, 'hello');
    expect(response).toMatch(/^\[ERROR\] /);
    expect(response).toMatch(words);
    expect(await lastRow(other)).toMatchObject({ source: 'error' });
  } finally {
    await other.stop();
  }
});

test('a Claude that is too old is named with its version', async () => {
  const first = await start();
  const path = join(first.home, 'old-claude');
  writeFileSync(path, '#!/bin/sh\necho "1.0.60 (Claude Code)"\n', { mode: 0o755 });
  const other = await startTestGateway({ env: { CLAUDE_BIN: path } });
  try {
    expect(await send(other, 'hello')).toMatch(/^\[ERROR\] Claude Code 1\.0\.60 .* is too old/);
  } finally {
    await other.stop();
  }
});

/** Send `signal` to every process of Claude that this gateway has, when the first word has come. */
async function killInMidTurn(gateway: TestGateway, message: string, signal: NodeJS.Signals) {
  const stream = await openStream(gateway.url, { chat_id: '1', message });
  const seen: TurnEvent[] = [];
  let killed = false;
  for await (const event of stream.events()) {
    seen.push(event);
    if (event.type !== 'text' || killed) continue;
    killed = true;
    for (const pid of await markedProcesses(gateway.home)) process.kill(pid, signal);
  }
  return seen;
}

test('a crash in mid-turn keeps what was said, and the chat goes on with its memory', async () => {
  const gateway = await start();
  await send(gateway, 'Remember the tea. [[text:ok]]');
  const seen = await killInMidTurn(gateway, '[[text:Half a]] [[hang-mid]]', 'SIGABRT');
  expect(seen.at(-1)).toMatchObject({ type: 'done', error: 'claude_crashed' });
  const row = await lastRow(gateway);
  expect(row?.source).toBe('error');
  expect(row?.content).toMatch(/^\[ERROR\] Claude Code ended unexpectedly/);
  expect(row?.content).toContain('Before that, Claude said:\n\nHalf a');
  expect(await send(gateway, '[[history]]')).toContain('Remember the tea.');
});

test('a Claude that the system ends for memory is started again, and answers once', async () => {
  const gateway = await start();
  await send(gateway, 'Remember the tea. [[text:ok]]');
  const message = '[[text:All of it]] [[hang-mid]] [[times:1]]';
  const seen = await killInMidTurn(gateway, message, 'SIGKILL');
  expect(seen.map(({ type }) => type)).toContain('restart');
  expect(seen.at(-1)).toMatchObject({ type: 'done', content: 'All of it' });
  const history = await gateway.client.call(operations.getChatSession, {
    session_id: 'gw-default-1',
  });
  expect(history.map(({ content }) => content)).toEqual([
    'Remember the tea. [[text:ok]]',
    'ok',
    message,
    'All of it',
  ]);
  expect(await send(gateway, '[[history]]')).toContain('Remember the tea.');
});

test('a Claude that the system ends after a tool has run is not started again', async () => {
  const gateway = await start();
  const marks = join(gateway.home, 'marks');
  const message = `[[bash:echo ran >> ${marks}]] [[/]] [[text:Done that]] [[hang-mid]]`;
  const seen = await killInMidTurn(gateway, message, 'SIGKILL');
  expect(seen.at(-1)).toMatchObject({ type: 'done', error: 'claude_killed' });
  expect(readFileSync(marks, 'utf8')).toBe('ran\n');
  expect(await send(gateway, '[[text:well again]]')).toBe('well again');
});

test.each([
  ['before the first word', '[[hang]]'],
  ['in the middle', '[[text:Half]] [[hang-mid]]'],
])('a model that hangs %s is ended when it makes no progress', async (_what, prompt) => {
  const gateway = await start({ GATEWAY_BUSY_STUCK_TIMEOUT: '1' });
  expect(await send(gateway, prompt)).toMatch(/^\[ERROR\] Claude made no progress for too long/);
  expect(await send(gateway, '[[text:well again]]')).toBe('well again');
});

test('a turn that takes too long is ended', async () => {
  const gateway = await start({ GATEWAY_CLAUDE_TIMEOUT: '8' });
  const response = await send(gateway, '[[slow:50]] [[words:1000]]');
  expect(response).toMatch(/^\[ERROR\] Claude took longer than a turn may/);
  expect(response).toContain('Before that, Claude said:');
  expect(await send(gateway, '[[text:well again]]')).toBe('well again');
});

test('a message that waits too long is told so, and never run', async () => {
  const gateway = await start({ GATEWAY_QUEUE_WAIT_TIMEOUT: '1' });
  const running = await openStream(gateway.url, { chat_id: '1', message: '[[hang]]' });
  const waiting = await openStream(gateway.url, { chat_id: '1', message: '[[text:too late]]' });
  const told = await rest(waiting.events());
  expect(told.at(-1)).toMatchObject({ type: 'error', busy: true });
  expect(await send(gateway, '[[text:too late]]')).toMatch(/^\[BUSY\] /);
  await gateway.client.call(operations.resetSession, { chat_id: '1' });
  await rest(running.events());
  expect(await send(gateway, '[[history]]')).not.toContain('too late');

  await gateway.restart();
  const again = await openNumbered(gateway.url, told[0]?.content ?? '');
  expect((await again.all()).map(({ event }) => event)).toEqual([told[0], told.at(-1)]);
});

test('a full queue says so at once', async () => {
  const gateway = await start({ GATEWAY_QUEUE_MAX: '1' });
  await openStream(gateway.url, { chat_id: '1', message: '[[hang]]' });
  await openStream(gateway.url, { chat_id: '1', message: 'waits' });
  expect(await send(gateway, 'too much')).toMatch(/^\[BUSY\] 1 messages of this chat are waiting/);
  const events = await readStream(gateway.url, { chat_id: '1', message: 'too much' });
  expect(events).toEqual([
    expect.objectContaining({ type: 'error', busy: true, code: 'queue_full' }),
  ]);
});

test('a reply that is cut off and asked for again is whole in the end', async () => {
  const gateway = await start();
  const events = await readStream(gateway.url, {
    chat_id: '1',
    message: '[[times:1]] [[text:One two three.]] [[pause:300]] [[cut-mid]]',
  });
  const last = events.at(-1);
  expect(last).toMatchObject({ type: 'done' });
  expect(last?.content).toContain('One two three.');
  expect(textOf(events)).toBe(last?.content);
});
