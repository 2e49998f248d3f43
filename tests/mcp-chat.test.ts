import { operations } from '@mini-claude-bot/contract';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let telegram: FakeTelegram | undefined;
afterEach(async () => {
  await gateway.stop();
  await telegram?.close();
  telegram = undefined;
});

const say = async (message: string, chat_id = '1', bot_id = 'default'): Promise<string> =>
  (await gateway.client.call(operations.sendMessage, { chat_id, bot_id, message })).response;

/** Have Claude call a tool of the gateway's, and say what it got. */
const use = (tool: string, given: object, chat_id?: string, bot_id?: string): Promise<string> =>
  say(`[[tool:mcp__bot__${tool} ${JSON.stringify(given)}]] [[/]] [[result]]`, chat_id, bot_id);

const Request = z.object({ tools: z.array(z.object({ name: z.string() })) });

/** Tools of the gateway's that Claude was offered last. */
const offered = (): string[] =>
  Request.parse(gateway.fake.requests.at(-1)?.body)
    .tools.map(({ name }) => name)
    .filter((name) => name.startsWith('mcp__'));

const contents = (answer: string): unknown[] =>
  z
    .object({ items: z.array(z.object({ content: z.string() })) })
    .parse(JSON.parse(answer))
    .items.map(({ content }) => content);

describe.each([
  ['processes started for their chat', {}],
  ['processes that were there before their chat', { CLAUDE_SPARE_PROCESSES: '2' }],
])('%s', (_words, env: Record<string, string>) => {
  test('each chat reaches its own things, whatever another is called', async () => {
    gateway = await startTestGateway({ env });
    const places = [
      ['1', 'default'],
      ['2', 'default'],
      ['1', 'hero'],
    ] as const;
    for (const [chat, bot] of places)
      await say(`I am ${chat} of ${bot} [[text:Noted.]]`, chat, bot);
    for (const [chat, bot] of places) {
      const read = contents(await use('get_chat_session', { limit: 3 }, chat, bot));
      expect(read.slice(0, 2)).toEqual([`I am ${chat} of ${bot} [[text:Noted.]]`, 'Noted.']);
      const turns = await use('list_turns', {}, chat, bot);
      expect(turns).toContain(`I am ${chat} of ${bot} `);
      const found = await use('search_chat_history', { query: 'I am' }, chat, bot);
      expect(found).toContain(`I am ${chat} of ${bot} `);
      for (const [otherChat, otherBot] of places)
        if (otherChat !== chat || otherBot !== bot)
          expect(turns + found).not.toContain(`I am ${otherChat} of ${otherBot} `);
    }
  });
});

test('no argument names another chat or bot', async () => {
  gateway = await startTestGateway();
  await say('secret of hero [[text:ok]]', '1', 'hero');
  for (const given of [
    { bot_id: 'hero' },
    { session_id: 'gw-hero-1' },
    { session_id: 'gw-hero-1', bot_id: 'hero' },
  ]) {
    const answer = await use('get_chat_session', given);
    expect(answer).not.toContain('secret of hero [[');
    expect(answer).toMatch(/no argument|bot_id|session_id/);
  }
  expect(await use('list_turns', { chat_id: '1', bot_id: 'hero' })).not.toContain('secret of');
  const { tools } = z
    .object({
      tools: z.array(z.object({ name: z.string(), input_schema: z.unknown().optional() })),
    })
    .parse(gateway.fake.requests.at(-1)?.body);
  const schemas = JSON.stringify(tools.filter(({ name }) => name.startsWith('mcp__')));
  expect(schemas).not.toMatch(/"(bot_id|chat_id|session_id|notify_chat_id|bot_token)"/);
});

test('the owner chooses what Claude has', async () => {
  gateway = await startTestGateway({ env: { CHAT_TOOLS: 'history' } });
  await say('[[text:ok]]');
  expect(offered().toSorted()).toEqual([
    'mcp__bot__get_chat_session',
    'mcp__bot__read_more',
    'mcp__bot__search_chat_history',
  ]);
  await gateway.restart({ CHAT_TOOLS: 'off' });
  await say('[[text:ok]]');
  expect(offered()).toEqual([]);
  await gateway.restart({ CHAT_TOOLS: 'all', CLAUDE_PERMISSION_MODE: 'dontAsk' });
  expect(await use('health_check', {})).toContain('"status":"ok"');
  expect(offered()).not.toContain('mcp__bot__send_gateway_message');
});

test('what a chat is told to remember is found by its bot, and by no other', async () => {
  gateway = await startTestGateway();
  const kept = { key: 'wifi', content: 'The network of the cellar is called Mole.' };
  const { id } = z.object({ id: z.int() }).parse(JSON.parse(await use('add_memory', kept)));
  const stored = await gateway.client.call(operations.listMemories, {});
  expect(stored).toMatchObject([{ id, ...kept, bot_id: 'default' }]);
  const looked = { query: 'network of the cellar' };
  expect(contents(await use('search_memory', looked, '2'))).toEqual([kept.content]);
  // Of another bot's memory nothing is seen, changed or forgotten, even by its id.
  expect(contents(await use('search_memory', looked, '1', 'hero'))).toEqual([]);
  expect(contents(await use('list_memories', {}, '1', 'hero'))).toEqual([]);
  const changed = await use('update_memory', { memory_id: id, content: 'Fox' }, '1', 'hero');
  expect(changed).toContain('There is no memory');
  expect(await use('delete_memory', { memory_id: id }, '1', 'hero')).toContain(
    'There is no memory',
  );
  expect(await gateway.client.call(operations.listMemories, {})).toEqual(stored);
}, 120_000);

const startWithTelegram = async (env: Record<string, string> = {}): Promise<FakeTelegram> => {
  telegram = await startFakeTelegram();
  const TELEGRAM_BOT_TOKEN = '4711:AAF-a-token-of-the-tests-000000';
  gateway = await startTestGateway({
    env: { TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN, SHELL: '/bin/sh', ...env },
  });
  return telegram;
};
const Made = z.object({ id: z.int().min(1) });
const idIn = (answer: string): number => Made.parse(JSON.parse(answer)).id;

test('a chat schedules a job, which runs and reports to that chat', async () => {
  const { textsIn } = await startWithTelegram();
  const often = { cron_expression: '* * * * * *' };
  const asked = { ...often, name: 'Greet', job_type: 'claude', command: '[[text:Good morning!]]' };
  const job_id = idIn(await use('create_cron_job', asked, '42'));
  await eventually('the chat was told', () =>
    textsIn(42).some((text) => text.includes('Good morning!')),
  );
  expect(await use('get_cron_job_history', { job_id, limit: 1 }, '42')).toContain('"job_id":');
  expect(await use('list_cron_jobs', {}, '42')).toContain('"name":"Greet"');
  expect(await use('list_cron_jobs', {}, '42', 'hero')).not.toContain('Greet');
  expect(await use('get_cron_job', { job_id }, '42', 'hero')).toContain('There is no job');
  expect(await use('delete_cron_job', { job_id }, '42')).toContain('"deleted":true');
  // Claude may run commands here anyway, and somebody waits for it.
  const tick = { ...often, name: 'Tick', job_type: 'shell', command: 'echo tick of the clock' };
  const shell = idIn(await use('create_cron_job', tick, '42'));
  await eventually('the chat was told', () =>
    textsIn(42).some((text) => text.includes('tick of the clock')),
  );
  expect(await use('get_cron_job', { job_id: shell }, '42')).toContain('tick of the clock');
  expect(await use('delete_cron_job', { job_id: shell }, '42')).toContain('"deleted":true');
  expect(await gateway.client.call(operations.listCronJobs, {})).toEqual([]);
}, 120_000);

test('a chat has something done in the background, and gets the result', async () => {
  const { textsIn } = await startWithTelegram();
  const started = await use('send_background_message', { message: '[[text:42 sheep.]]' }, '42');
  expect(started).toContain('"status":"started"');
  await eventually('the chat was told', () =>
    textsIn(42).some((text) => text.includes('42 sheep.')),
  );
  expect(await use('list_tasks', {}, '42')).toContain('42 sheep.');
  expect(await use('list_tasks', {}, '43')).not.toContain('42 sheep.');
}, 120_000);

test('a chat gets a file of its own directory, and none from elsewhere', async () => {
  const { messages } = await startWithTelegram();
  await say('[[bash:echo hush > hush.txt]] [[/]] [[text:ok]]', '43');
  const make = '[[bash:echo sheep,42 > counts.csv; ln -s ../43/hush.txt link.txt]] [[/]]';
  await say(`${make} [[text:ok]]`, '42');
  const sent = await use('send_file', { path: 'counts.csv', caption: 'The counts' }, '42');
  expect(sent).toContain('delivery_id');
  for (const path of ['../43/hush.txt', 'link.txt', '/etc/passwd', '../../../gateway.db'])
    expect(await use('send_file', { path }, '42')).toMatch(/not in the working directory|no file/);
  await eventually('the file was sent', () => messages.length > 0);
  expect(messages).toMatchObject([
    {
      chatId: '42',
      text: 'The counts',
      document: { fileName: 'counts.csv', content: 'sheep,42\n' },
    },
  ]);
}, 120_000);

test('a job has the tools of the chat that it reports to', async () => {
  gateway = await startTestGateway();
  await say('The sheep are white. [[text:Noted.]]', '42');
  const ran = async (notify_chat_id: string | null): Promise<string> => {
    const { id: job_id } = await gateway.client.call(operations.createCronJob, {
      name: 'look back',
      cron_expression: '@yearly',
      job_type: 'claude',
      command: '[[tool:mcp__bot__get_chat_session]] [[/]] [[result]]',
      notify_chat_id,
    });
    return (await gateway.client.call(operations.runCronJob, { job_id })).result;
  };
  expect(await ran('42')).toContain('The sheep are white.');
  expect(await ran(null)).not.toContain('The sheep are white.');
}, 120_000);

test('a Claude that works by itself schedules no commands, unless its owner lets it', async () => {
  gateway = await startTestGateway();
  const command = 'echo hush';
  const asked = { name: 'x', cron_expression: '@yearly', job_type: 'shell', command };
  const byItself = async (): Promise<string> => {
    const { id: job_id } = await gateway.client.call(operations.createCronJob, {
      name: 'by itself',
      cron_expression: '@yearly',
      job_type: 'claude',
      command: `[[tool:mcp__bot__create_cron_job ${JSON.stringify(asked)}]] [[/]] [[result]]`,
    });
    return (await gateway.client.call(operations.runCronJob, { job_id })).result;
  };
  const shellJobs = async (): Promise<string[]> =>
    (await gateway.client.call(operations.listCronJobs, {}))
      .filter(({ job_type }) => job_type === 'shell')
      .map((job) => job.command);
  expect(await byItself()).toContain('may not have commands run');
  expect(await shellJobs()).toEqual([]);
  await gateway.restart({ CLAUDE_PERMISSION_MODE: 'dontAsk' });
  expect(await use('create_cron_job', asked)).toContain('may not have commands run');
  expect(await shellJobs()).toEqual([]);
  await gateway.restart({ CHAT_TOOLS_UNATTENDED_COMMANDS: 'on' });
  expect(idIn(await byItself())).toBeGreaterThan(0);
  expect(await shellJobs()).toEqual([command]);
}, 120_000);
