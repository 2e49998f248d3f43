import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { openStream, readStream, rest, textOf } from './support/stream.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { GATEWAY_MAX_CLAUDE_PROCESSES: '2' } });
});
afterAll(() => gateway.stop());

const send = async (chat_id: string, message: string, bot_id?: string): Promise<string> => {
  const input = { chat_id, message, ...(bot_id === undefined ? {} : { bot_id }) };
  return (await gateway.client.call(operations.sendMessage, input)).response;
};

const historyOf = (chat: string, bot = 'default') =>
  gateway.client.call(operations.getChatSession, { session_id: `gw-${bot}-${chat}`, bot_id: bot });

test('a chat remembers what was said before', async () => {
  expect(await send('memory', 'My name is Wei. [[text:Noted.]]')).toBe('Noted.');
  expect(await send('memory', '[[history]]')).toContain('My name is Wei.');
});

test('a turn writes the two rows that clients read', async () => {
  await gateway.post('/api/gateway/send', {
    chat_id: '-100123',
    bot_id: 'rows',
    message: '[[text:你好，世界]]',
    user_id: '7',
    username: 'wei',
  });
  expect(await historyOf('-100123', 'rows')).toEqual([
    {
      id: expect.any(Number),
      session_id: 'gw-rows--100123',
      role: 'user',
      content: '[[text:你好，世界]]',
      source: 'telegram',
      telegram_chat_id: -100123,
      user_id: '7',
      username: 'wei',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      bot_id: 'rows',
    },
    expect.objectContaining({
      role: 'assistant',
      content: '你好，世界',
      source: 'telegram',
      user_id: null,
    }),
  ]);
});

test('what a chat types reaches Claude as typed', async () => {
  for (const typed of ['/help me', '/clear', '@/etc/hostname', '!ls', '# note']) {
    expect(await send('verbatim', `${typed} [[echo]]`)).toBe(`${typed} [[echo]]`);
  }
});

test('thinking, text and tools are events apart, and the deltas are the reply', async () => {
  const events = await readStream(gateway.url, {
    chat_id: 'events',
    message:
      '[[think:hm, let me see]] [[text:First I look.]] [[bash:echo 42]] [[/]] [[text:It is 42.]]',
  });
  expect(events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1])).toEqual([
    'turn',
    'started',
    'thinking',
    'text',
    'tool',
    'text',
    'done',
  ]);
  expect(events.find(({ type }) => type === 'tool')).toEqual({
    type: 'tool',
    name: 'Bash',
    content: 'echo 42',
  });
  expect(textOf(events)).toBe('First I look.\n\nIt is 42.');
  expect(events.at(-1)).toEqual({ type: 'done', content: 'First I look.\n\nIt is 42.' });
});

test('text that Claude takes back is not part of the answer, and the reader starts over', async () => {
  const events = await readStream(gateway.url, {
    chat_id: 'taken-back',
    message: '[[times:1]] [[malformed]] [[text:The true answer.]]',
  });
  expect(events.some(({ type }) => type === 'restart')).toBe(true);
  expect(textOf(events)).toBe('The true answer.');
  expect(events.at(-1)).toEqual({ type: 'done', content: 'The true answer.' });
});

test('messages to one chat run one after the other, and a waiting one is told its place', async () => {
  const first = await openStream(gateway.url, {
    chat_id: 'order',
    message: '[[slow:20]] [[words:20]]',
  });
  const second = await openStream(gateway.url, { chat_id: 'order', message: '[[history]]' });
  const [one, two] = await Promise.all([rest(first.events()), rest(second.events())]);
  expect(one.at(-1)?.type).toBe('done');
  expect(two.map(({ type }) => type)).toContain('queued');
  expect(two.find(({ type }) => type === 'queued')).toMatchObject({ position: 1 });
  expect(textOf(two)).toContain('[[words:20]]');
});

test('chats run side by side, but no more turns than there are slots', async () => {
  const hanging = await Promise.all(
    ['side-a', 'side-b'].map((chat_id) =>
      openStream(gateway.url, { chat_id, message: '[[hang]]' }),
    ),
  );
  await eventually('both slots are used', async () => {
    const { slots_used } = await gateway.client.call(operations.queueStatus, { chat_id: 'side-a' });
    return slots_used === 2;
  });
  const third = await openStream(gateway.url, { chat_id: 'side-c', message: '[[text:at last]]' });
  const events = third.events();
  expect((await events.next()).value).toMatchObject({ type: 'turn' });
  expect((await events.next()).value).toMatchObject({ type: 'queued', position: 0 });
  const status = await gateway.client.call(operations.queueStatus, { chat_id: 'side-c' });
  expect(status).toMatchObject({ busy: false, slots_used: 2, slots_max: 2, queue_length: 1 });
  await gateway.client.call(operations.stopChat, { chat_id: 'side-a' });
  expect((await rest(events)).at(-1)).toEqual({ type: 'done', content: 'at last' });
  await gateway.client.call(operations.stopChat, { chat_id: 'side-b' });
  for (const stream of hanging) {
    expect((await rest(stream.events())).at(-1)).toMatchObject({
      type: 'done',
      stopped: true,
    });
  }
});

test('a busy chat says so', async () => {
  const stream = await openStream(gateway.url, {
    chat_id: 'busy',
    message: '[[hang]] are you there?',
  });
  const status = await eventually('it is busy', async () => {
    const now = await gateway.client.call(operations.queueStatus, { chat_id: 'busy' });
    return now.busy && now;
  });
  expect(status).toMatchObject({
    busy: true,
    busy_message: '[[hang]] are you there?',
    queue_wait_timeout: 120,
    queue_wait_remaining: 120,
  });
  const sessions = await gateway.client.call(operations.listSessions, { bot_id: 'default' });
  expect(sessions.find(({ chat_id }) => chat_id === 'busy')).toMatchObject({
    busy: true,
    first_done: false,
  });
  expect(await gateway.post('/api/gateway/sessions/busy/reset', { bot_id: 'default' })).toEqual({
    status: 200,
    body: { reset: true, chat_id: 'busy', bot_id: 'default' },
  });
  expect((await rest(stream.events())).at(-1)).toEqual({
    type: 'done',
    content: '(stopped)',
    stopped: true,
  });
  expect(await send('busy', '[[text:free again]]')).toBe('free again');
});

test('a reader that goes away does not end the turn', async () => {
  const stream = await openStream(gateway.url, {
    chat_id: 'left',
    message: '[[slow:30]] [[words:30]] tail',
  });
  for await (const event of stream.events()) if (event.type === 'text') break;
  stream.leave();
  const rows = await eventually('the answer is stored', async () => {
    const rows = await historyOf('left');
    return rows.length === 2 && rows;
  });
  expect(rows[1]?.content.split(' ')).toHaveLength(30);
});

test('stop forgets the conversation and its files, and keeps the history', async () => {
  await send('stop-me', '[[bash:echo x > kept.txt]] [[/]] [[text:written]]');
  const directory = join(gateway.home, 'sessions', 'default', 'stop-me');
  expect(existsSync(join(directory, 'kept.txt'))).toBe(true);
  expect(await gateway.client.call(operations.stopChat, { chat_id: 'stop-me' })).toEqual({
    stopped: true,
  });
  expect(existsSync(directory)).toBe(false);
  expect(await gateway.client.call(operations.stopChat, { chat_id: 'stop-me' })).toEqual({
    stopped: false,
  });
  expect(await send('stop-me', '[[history]]')).toBe('[]');
  expect(await historyOf('stop-me')).toHaveLength(4);
});

test('stop ends what waits as well, and none of it runs later', async () => {
  const running = await openStream(gateway.url, { chat_id: 'stop-all', message: '[[hang]]' });
  const waiting = gateway.post('/api/gateway/send', {
    chat_id: 'stop-all',
    message: '[[text:never]]',
  });
  await eventually('one waits', async () => {
    const { queue_length } = await gateway.client.call(operations.queueStatus, {
      chat_id: 'stop-all',
    });
    return queue_length === 1;
  });
  await gateway.client.call(operations.stopChat, { chat_id: 'stop-all' });
  expect((await waiting).body).toEqual({ response: '(stopped)', session_key: 'stop-all' });
  expect((await rest(running.events())).at(-1)).toMatchObject({
    type: 'done',
    stopped: true,
  });
  expect(
    gateway.fake.requests.some(({ conversation }) => conversation?.prompt.includes('never')),
  ).toBe(false);
});

test('a directory that was deleted behind our back is made again', async () => {
  await send('deleted', '[[text:one]]');
  const directory = join(gateway.home, 'sessions', 'default', 'deleted');
  await rm(directory, { recursive: true });
  expect(await send('deleted', '[[bash:pwd]] [[/]] [[result]]')).toContain(directory);
  expect(await send('deleted', '[[history]]')).toContain('[[text:one]]');
});

test('a directory that cannot be made is an error in words, and nothing else is harmed', async () => {
  const bot = join(gateway.home, 'sessions', 'blocked');
  mkdirSync(join(gateway.home, 'sessions'), { recursive: true });
  writeFileSync(bot, 'in the way');
  expect(await send('1', 'hello', 'blocked')).toMatch(/^\[ERROR\] The working directory/);
  await rm(bot);
  expect(await send('1', '[[text:works]]', 'blocked')).toBe('works');
});

test('ids that Claude would put into one folder have conversations of their own', async () => {
  const chats: [string, string][] = [
    ['my_bot', 'a.b'],
    ['my-bot', 'a.b'],
    ['my_bot', 'a-b'],
    ['my-bot', 'a-b'],
  ];
  for (const [bot, chat] of chats) await send(chat, `I am ${bot}/${chat}. [[text:ok]]`, bot);
  // Closed for idleness: each must find its own again, not the newest of the folder.
  for (const [bot, chat] of chats)
    await gateway.post(`/api/gateway/sessions/${chat}/reset?bot_id=${bot}`);
  for (const [bot, chat] of chats) {
    expect(JSON.parse(await send(chat, '[[history]]', bot))).toEqual([
      `I am ${bot}/${chat}. [[text:ok]]`,
    ]);
  }
  await gateway.post('/api/gateway/stop', { chat_id: 'a.b', bot_id: 'my_bot' });
  expect(JSON.parse(await send('a-b', '[[history]]', 'my-bot'))).toHaveLength(2);
});

test.each([
  '日本語 чат 🙂',
  'a b',
  '%2e%2e',
  '-rf',
  '~',
  'C:\\x',
  "'; DROP TABLE",
  'x'.repeat(255),
  '\u202eabc',
  '...',
])('the chat id %j works everywhere', async (chat_id) => {
  expect(await send(chat_id, '[[text:ok]]', chat_id)).toBe('ok');
  const encoded = encodeURIComponent(chat_id);
  const status = await gateway.get(`/api/gateway/queue-status/${encoded}?bot_id=${encoded}`);
  expect(status).toMatchObject({ status: 200, body: { busy: false } });
  const reset = await gateway.post(`/api/gateway/sessions/${encoded}/reset`, { bot_id: chat_id });
  expect(reset).toEqual({ status: 200, body: { reset: true, chat_id, bot_id: chat_id } });
  expect(JSON.parse(await send(chat_id, '[[history]]', chat_id))).toEqual(['[[text:ok]]']);
  expect((await gateway.post('/api/gateway/stop', { chat_id, bot_id: chat_id })).body).toEqual({
    stopped: true,
  });
});
