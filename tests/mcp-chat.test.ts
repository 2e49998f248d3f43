import { operations } from '@mini-claude-bot/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

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
      for (const [otherChat, otherBot] of places)
        if (otherChat !== chat || otherBot !== bot)
          expect(turns).not.toContain(`I am ${otherChat} of ${otherBot} `);
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
  expect(schemas).not.toMatch(/"(bot_id|chat_id|session_id)"/);
});

test('the owner chooses what Claude has', async () => {
  gateway = await startTestGateway({ env: { CHAT_TOOLS: 'history' } });
  await say('[[text:ok]]');
  expect(offered().toSorted()).toEqual(['mcp__bot__get_chat_session', 'mcp__bot__read_more']);
  await gateway.restart({ CHAT_TOOLS: 'off' });
  await say('[[text:ok]]');
  expect(offered()).toEqual([]);
  await gateway.restart({ CHAT_TOOLS: 'all', CLAUDE_PERMISSION_MODE: 'dontAsk' });
  expect(await use('health_check', {})).toContain('"status":"ok"');
  expect(offered()).not.toContain('mcp__bot__send_gateway_message');
});
