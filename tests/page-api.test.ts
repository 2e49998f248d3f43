import { BotId, longestExcerpt, operations } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDelivery } from './support/add-delivery.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    env: { TELEGRAM_BOT_TOKEN: '1234567:canary-of-the-settings' },
  });
  const message = '[[think:hm]] [[bash:echo hi]] [[/]] [[text:all done]]';
  await gateway.client.call(operations.sendMessage, {
    chat_id: 'a',
    message,
    user_id: 'page',
    username: 'ada',
  });
  for (let n = 1; n <= 25; n += 1)
    await gateway.client.call(operations.addChatMessage, {
      session_id: 'gw-other-long-chat',
      bot_id: 'other',
      role: n % 2 === 0 ? 'assistant' : 'user',
      content: `message ${n} ${'x'.repeat(300)}`,
    });
});
afterAll(() => gateway.stop());

describe('conversations', () => {
  test('the list has what was said last, and what each chat does', async () => {
    const chats = await gateway.client.call(operations.listChats, {});
    expect(chats).toMatchObject([
      {
        session_id: 'gw-other-long-chat',
        bot_id: 'other',
        chat_id: 'long-chat',
        message_count: 25,
        state: 'cold',
        last_message: { role: 'user', text: expect.stringMatching(/^message 25 x{189}$/) },
      },
      {
        session_id: 'gw-default-a',
        chat_id: 'a',
        message_count: 2,
        state: 'idle',
        queued: 0,
        background: false,
        last_message: { role: 'assistant', text: 'all done' },
      },
    ]);
  });

  test('a message has its turn: who, what it cost, and what Claude did on the way', async () => {
    const { messages } = await gateway.client.call(operations.readConversation, {
      session_id: 'gw-default-a',
    });
    const turn = {
      lane: 'main',
      origin: 'chat',
      state: 'completed',
      error: null,
      usage: { output_tokens: expect.any(Number) },
      cost_usd: expect.any(Number),
      steps: 2,
    };
    expect(messages).toMatchObject([
      { role: 'user', username: 'ada', user_id: 'page', source: 'telegram', turn },
      { role: 'assistant', content: 'all done', length: 8, turn },
    ]);
    const turn_id = messages[1]?.turn?.id;
    if (turn_id === undefined) throw new Error('the answer has no turn');
    expect(await gateway.client.call(operations.turnSteps, { turn_id })).toMatchObject([
      { kind: 'thinking', text: 'hm' },
      { kind: 'tool', name: 'Bash', input: expect.stringContaining('echo hi') },
    ]);
  });

  test('it is read in pieces, both ways, without a gap or a double', async () => {
    const place = { session_id: 'gw-other-long-chat', bot_id: BotId.parse('other'), limit: 10 };
    const read = (more: object) =>
      gateway.client.call(operations.readConversation, { ...place, ...more });
    const numbers = ({ messages }: Awaited<ReturnType<typeof read>>) =>
      messages.map(({ content }) => Number(content.split(' ')[1]));
    const last = await read({});
    const middle = await read({ before: last.messages[0]?.id });
    const first = await read({ before: middle.messages[0]?.id });
    expect([first, middle, last].flatMap(numbers)).toEqual(
      Array.from({ length: 25 }, (_, n) => n + 1),
    );
    expect(first).toMatchObject({ more_before: false, more_after: true });
    expect(middle).toMatchObject({ more_before: true, more_after: true });
    expect(last).toMatchObject({ more_before: true, more_after: false });
    const nothing = { messages: [], more_before: false, more_after: true };
    expect(await read({ before: first.messages[0]?.id })).toEqual(nothing);
    expect(numbers(await read({ after: first.messages.at(-1)?.id }))).toEqual(numbers(middle));
    expect(last.messages.every(({ turn }) => turn === null)).toBe(true);
    const unknown = { ...place, session_id: 'nothing' };
    expect(await gateway.client.call(operations.readConversation, unknown)).toEqual({
      messages: [],
      more_before: false,
      more_after: false,
    });
  });

  test('of a very long message the beginning comes, and all of it when it is asked for', async () => {
    const place = { session_id: 'gw-other-long-chat', bot_id: BotId.parse('other') };
    const content = 'x'.repeat(longestExcerpt * 2);
    const message = { ...place, role: 'user', content } as const;
    await gateway.client.call(operations.addChatMessage, message);
    const read = async (whole: boolean) =>
      (await gateway.client.call(operations.readConversation, { ...place, limit: 1, whole }))
        .messages[0];
    expect(await read(false)).toMatchObject({
      content: 'x'.repeat(longestExcerpt),
      length: content.length,
    });
    expect(await read(true)).toMatchObject({ content });
  });
});

describe('the overview', () => {
  test('says what needs attention, with what to do', async () => {
    addDelivery(gateway.home, { dead: true });
    const { attention, slots_used, processes } = await gateway.client.call(
      operations.getOverview,
      {},
    );
    expect(attention).toContainEqual({
      kind: 'dead_deliveries',
      level: 'problem',
      count: 1,
      words: '1 delivery was given up.',
      fix: expect.any(String),
    });
    expect([slots_used, processes]).toEqual([0, 1]);
  });

  test('a process is there with its memory, and afterwards with why it is not', async () => {
    const look = () => gateway.client.call(operations.listProcesses, {});
    expect((await look()).processes).toMatchObject([
      { bot_id: 'default', chat_id: 'a', lane: 'main', busy: false, pid: expect.any(Number) },
    ]);
    expect((await look()).processes[0]?.memory_bytes).toBeGreaterThan(1e6);
    await gateway.client.call(operations.resetSession, { chat_id: 'a' });
    expect(await look()).toMatchObject({
      processes: [],
      closed: [{ bot_id: 'default', chat_id: 'a', lane: 'main', why: 'stopped' }],
    });
  });

  test('settings are shown as they are in force, without secrets', async () => {
    const settings = await gateway.client.call(operations.listSettings, {});
    const of = (name: string) => settings.find((one) => one.name === name);
    expect(of('HOST')).toMatchObject({ value: '127.0.0.1', source: 'environment' });
    expect(of('GATEWAY_MAX_BODY_MB')).toMatchObject({ value: '10', source: 'default' });
    expect(of('TELEGRAM_BOT_TOKEN')).toMatchObject({ value: null, secret: true, set: true });
    expect(JSON.stringify(settings)).not.toContain('canary');
  });

  test('bots are those that have something', async () => {
    await gateway.client.call(operations.createToken, { name: 'new', bot_id: 'new' });
    expect(await gateway.client.call(operations.listBots, {})).toMatchObject([
      { bot_id: 'default', chats: 1 },
      { bot_id: 'new', chats: 0 },
      { bot_id: 'other', chats: 1 },
    ]);
  });
});

test('memories go out and come in, from one bot to another', async () => {
  for (const key of ['a', 'b'])
    await gateway.client.call(operations.addMemory, {
      key,
      content: `“${key}”, it is`,
      bot_id: 'x',
    });
  for (const format of ['json', 'csv'] as const) {
    const { count, content } = await gateway.client.call(operations.exportMemories, {
      bot_id: 'x',
      format,
    });
    expect(count).toBe(2);
    const bot_id = `y-${format}`;
    const take = (more: object = {}) =>
      gateway.client.call(operations.importMemories, { bot_id, format, content, ...more });
    expect(await take({ dry_run: true })).toEqual({ added: 2, replaced: 0, skipped: 0 });
    expect(await take()).toEqual({ added: 2, replaced: 0, skipped: 0 });
    expect(await take()).toEqual({ added: 0, replaced: 0, skipped: 2 });
    expect(await take({ on_conflict: 'replace' })).toEqual({ added: 0, replaced: 2, skipped: 0 });
    const found = await gateway.client.call(operations.listMemories, { bot_id });
    expect(found.map(({ content: said }) => said).toSorted()).toEqual(['“a”, it is', '“b”, it is']);
  }
});

test('an import with a fault changes nothing, and says where it is', async () => {
  const content = '[{"key": "good", "content": "x"}, {"key": "bad"}]';
  const { status, body } = await gateway.post('/api/memory/import', { content, bot_id: 'z' });
  expect(status).toBe(422);
  expect(body).toMatchObject({ detail: [{ loc: ['body', 'content', 1, 'content'] }] });
  expect(await gateway.client.call(operations.listMemories, { bot_id: 'z' })).toEqual([]);
});
