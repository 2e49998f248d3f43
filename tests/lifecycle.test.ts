import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listProcesses } from '@mini-claude-bot/claude';
import { operations } from '@mini-claude-bot/contract';
import { afterEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { openStream, readStream, rest } from './support/stream.ts';
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

const send = async ({ client }: TestGateway, message: string, chat_id = '1'): Promise<string> =>
  (await client.call(operations.sendMessage, { chat_id, message })).response;

/** Commands whose processes outlive a kill of Claude's own group. */
const runaways = [
  'sleep 3600',
  'setsid sleep 3600',
  'nohup sleep 3600 >/dev/null 2>&1 & wait',
  '(setsid sleep 3600 >/dev/null 2>&1 &) ; sleep 3600',
  "trap '' TERM INT HUP; sleep 3600",
];

test.each(runaways)('stop ends `%s` with the turn', async (command) => {
  const gateway = await start();
  const stream = await openStream(gateway.url, { chat_id: '1', message: `[[bash:${command}]]` });
  await eventually('the tool runs', async () => (await markedProcesses(gateway.home)).length >= 2);
  expect(await gateway.client.call(operations.stopChat, { chat_id: '1' })).toEqual({
    stopped: true,
  });
  expect((await rest(stream.events())).at(-1)).toMatchObject({ type: 'done', stopped: true });
  expect(await markedProcesses(gateway.home)).toEqual([]);
  expect(await send(gateway, '[[text:free]]')).toBe('free');
});

test('a frozen Claude is ended by reset, and the conversation goes on', async () => {
  const gateway = await start();
  await send(gateway, 'Remember me. [[text:ok]]');
  const stream = await openStream(gateway.url, {
    chat_id: '1',
    message: '[[text:Half]] [[hang-mid]]',
  });
  const events = stream.events();
  for await (const event of events) if (event.type === 'text') break;
  for (const pid of await markedProcesses(gateway.home)) process.kill(pid, 'SIGSTOP');
  await gateway.client.call(operations.resetSession, { chat_id: '1' });
  expect(await markedProcesses(gateway.home)).toEqual([]);
  expect(await send(gateway, '[[history]]')).toContain('Remember me.');
});

test('a chat that is idle too long is closed, and goes on where it was', async () => {
  const gateway = await start({ GATEWAY_SESSION_TIMEOUT: '1' });
  await send(gateway, 'Remember the tea. [[text:ok]]');
  const reaped = await eventually('it is reaped', async () => {
    const answer = await gateway.client.call(operations.reapSessions, {});
    return answer.count > 0 && answer;
  });
  expect(reaped).toEqual({
    reaped: [
      {
        chat_id: '1',
        bot_id: 'default',
        type: 'interactive',
        idle_seconds: expect.any(Number),
        idle_hours: expect.any(Number),
      },
    ],
    count: 1,
  });
  expect(await markedProcesses(gateway.home)).toEqual([]);
  expect(await gateway.client.call(operations.listSessions, {})).toMatchObject([
    { chat_id: '1', state: 'cold' },
  ]);
  expect(await send(gateway, '[[history]]')).toContain('Remember the tea.');
});

test('warm processes are bounded: the one idle longest is closed', async () => {
  const gateway = await start({ GATEWAY_MAX_WARM_SESSIONS: '2' });
  for (const chat of ['a', 'b', 'c']) await send(gateway, '[[text:ok]]', chat);
  const states = await eventually('one is closed', async () => {
    const sessions = await gateway.client.call(operations.listSessions, {});
    const cold = sessions.filter(({ state }) => state === 'cold');
    return cold.length > 0 && cold.map(({ chat_id }) => chat_id);
  });
  expect(states).toEqual(['a']);
});

test('the conversation outlives the gateway, and no process does', async () => {
  const gateway = await start();
  await send(gateway, 'Remember the tea. [[text:ok]]');
  await gateway.restart();
  expect(await markedProcesses(gateway.home)).toEqual([]);
  expect(await gateway.client.call(operations.listSessions, {})).toMatchObject([
    { chat_id: '1', first_done: true, busy: false, state: 'cold' },
  ]);
  expect(await send(gateway, '[[history]]')).toContain('Remember the tea.');
});

test('stop removes the transcript of that chat and of no other', async () => {
  const gateway = await start();
  await send(gateway, '[[text:ok]]', 'a.b');
  await send(gateway, '[[text:ok]]', 'a-b');
  const projects = join(gateway.home, '.claude', 'projects');
  const transcripts = () =>
    readdirSync(projects).flatMap((folder) =>
      readdirSync(join(projects, folder)).filter((name) => name.endsWith('.jsonl')),
    );
  const before = transcripts();
  expect(before).toHaveLength(2);
  await gateway.client.call(operations.stopChat, { chat_id: 'a.b' });
  expect(transcripts()).toHaveLength(1);
  expect(existsSync(join(gateway.home, 'sessions', 'default', 'a-b'))).toBe(true);
  expect(await send(gateway, '[[history]]', 'a-b')).toContain('[[text:ok]]');
});

test('a message that is sent again after its reader was cut off is not run twice', async () => {
  const gateway = await start();
  const message = '[[slow:40]] [[words:20]]';
  const stream = await openStream(gateway.url, { chat_id: '1', message });
  for await (const event of stream.events()) if (event.type === 'text') break;
  stream.leave();
  expect((await send(gateway, message)).split(' ')).toHaveLength(20);
  const rows = await gateway.client.call(operations.getChatSession, { session_id: 'gw-default-1' });
  expect(rows.map(({ role }) => role)).toEqual(['user', 'assistant']);
  // Its answer was given: the same words are a new message now.
  await send(gateway, message);
  expect(
    await gateway.client.call(operations.getChatSession, { session_id: 'gw-default-1' }),
  ).toHaveLength(4);
});

test('a restart ends what runs, tells its reader, and runs what waited', async () => {
  const gateway = await start();
  const running = await openStream(gateway.url, { chat_id: '1', message: '[[hang]] first' });
  const waiting = await openStream(gateway.url, {
    chat_id: '1',
    message: '[[text:second answer]]',
  });
  await eventually('one runs and one waits', async () => {
    const status = await gateway.client.call(operations.queueStatus, { chat_id: '1' });
    return status.busy && status.queue_length === 1;
  });
  const read = Promise.allSettled([rest(running.events()), rest(waiting.events())]);
  await gateway.restart();
  const [told, cut] = await read;
  expect(told).toMatchObject({ status: 'fulfilled' });
  if (told.status === 'fulfilled')
    expect(told.value.at(-1)).toMatchObject({ error: 'interrupted' });
  // No end was sent: the client asks again, and gets the answer of the turn that waited.
  expect(cut.status).toBe('rejected');
  expect(await send(gateway, '[[text:second answer]]')).toBe('second answer');
  const rows = await gateway.client.call(operations.getChatSession, { session_id: 'gw-default-1' });
  expect(rows.map(({ role }) => role).toSorted()).toEqual([
    'assistant',
    'assistant',
    'user',
    'user',
  ]);
});

test('a spare process serves a new chat, in its own directory', async () => {
  const gateway = await start({ CLAUDE_SPARE_PROCESSES: '1' });
  await eventually(
    'a spare is parked',
    async () => (await markedProcesses(gateway.home)).length === 1,
  );
  const events = await readStream(gateway.url, {
    chat_id: 'new',
    message: '[[bash:pwd]] [[/]] [[result]]',
  });
  expect(events.at(-1)?.content).toContain(join(gateway.home, 'sessions', 'default', 'new'));
  expect(await send(gateway, '[[history]]', 'new')).toContain('[[bash:pwd]]');
});

test('what the gateway leaves behind when it ends is nothing', async () => {
  const gateway = await start({ CLAUDE_SPARE_PROCESSES: '1' });
  await send(gateway, '[[text:ok]]');
  await openStream(gateway.url, { chat_id: '2', message: '[[bash:setsid sleep 3600]]' });
  await eventually('the tool runs', async () => (await markedProcesses(gateway.home)).length >= 3);
  await gateway.restart();
  const left = (await listProcesses()).filter(({ parent }) => parent === process.pid);
  expect(left.filter(({ marker }) => marker !== undefined).length).toBeLessThanOrEqual(1);
});

test('a client that hangs up at the end is not taken for one that was cut off', async () => {
  const gateway = await start();
  for (let n = 0; n < 5; n += 1) {
    const stream = await openStream(gateway.url, { chat_id: '1', message: '[[text:go on]]' });
    for await (const event of stream.events()) if (event.type === 'done') break;
    stream.leave();
  }
  await send(gateway, '[[text:go on]]');
  const rows = await gateway.client.call(operations.getChatSession, { session_id: 'gw-default-1' });
  expect(rows).toHaveLength(12);
});
