import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { allOperations, operations } from '@mini-claude-bot/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from './support/eventually.ts';
import { overHttp, overStdio, program, type TestMcpClient } from './support/mcp-client.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const open: TestMcpClient[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const transports = {
  stdio: async (env: Record<string, string> = {}) =>
    keep(await overStdio({ HOME: gateway.home, MCB_API_BASE: `${gateway.url}/api`, ...env })),
  http: async () => keep(await overHttp(gateway.url)),
};

function keep(client: TestMcpClient): TestMcpClient {
  open.push(client);
  return client;
}

/** The chat's last turn, once it is in that state. */
const turnIn = ({ client }: TestGateway, chat_id: string, state: string) =>
  eventually(`a turn that is ${state}`, async () => {
    const [turn] = await client.call(operations.listTurns, { chat_id });
    return turn?.state === state && turn;
  });

const Items = z.object({ items: z.array(z.record(z.string(), z.unknown())), total: z.int() });
const More = z.object({ more: z.object({ answer: z.string(), part: z.int(), parts: z.int() }) });

describe.each(Object.entries(transports))('over %s', (_name, connect) => {
  test('every tool says what it does to a model, and is safe to list', async () => {
    const { client } = await connect();
    const { tools } = await client.listTools();
    const offered = allOperations().flatMap((operation) =>
      operation.mcp === undefined ? [] : [operation.mcp.name],
    );
    expect(tools.map(({ name }) => name)).toEqual([...offered, 'read_more']);
    for (const { name, title, description, inputSchema, outputSchema, annotations } of tools) {
      expect({ name, title, description }).toEqual({
        name: expect.stringMatching(/^[a-z]+(_[a-z]+)+$/),
        title: expect.stringMatching(/\w/),
        description: expect.stringMatching(/\w{3}/),
      });
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object' });
      expect(annotations).toEqual({
        title,
        readOnlyHint: expect.any(Boolean),
        destructiveHint: expect.any(Boolean),
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      });
    }
    expect(tools.find(({ name }) => name === 'stop_gateway_session')?.annotations).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
    });
    expect(tools.find(({ name }) => name === 'list_turns')?.annotations?.readOnlyHint).toBe(true);
  });

  test('a message is answered, and stands in the history, where its resource is too', async () => {
    const { client, call } = await connect();
    const chat_id = `mcp ${_name}/1?`.replace('/', '-');
    const sent = await call('send_gateway_message', { chat_id, message: 'Hi [[text:Hello!]]' });
    expect(sent.isError).toBe(false);
    expect(sent.structured).toEqual({
      response: 'Hello!',
      session_key: chat_id,
      turn_id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(JSON.parse(sent.text)).toEqual(sent.structured);
    const session_id = `gw-default-${chat_id}`;
    const read = await call('get_chat_session', { session_id, limit: 1 });
    expect(Items.parse(read.structured).items).toEqual([
      expect.objectContaining({ role: 'assistant', content: 'Hello!' }),
    ]);
    const { resources } = await client.listResources();
    const uri = `chat://${encodeURIComponent(session_id)}`;
    expect(resources).toContainEqual(expect.objectContaining({ uri }));
    const { contents } = await client.readResource({ uri });
    expect(JSON.stringify(contents)).toContain('Hello!');
    expect((await client.listResourceTemplates()).resourceTemplates).toContainEqual(
      expect.objectContaining({ uriTemplate: 'chat://{session_id}' }),
    );
    await expect(client.readResource({ uri: 'chat://nowhere' })).rejects.toMatchObject({
      code: -32002,
    });
    await expect(client.readResource({ uri: 'file:///etc/passwd' })).rejects.toMatchObject({
      code: -32002,
    });
  });

  test('what is remembered, and how far a chat is, are resources', async () => {
    const { client, call } = await connect();
    const key = `tea over ${_name}`;
    expect(await call('add_memory', { key, content: 'Green.' })).toMatchObject({ isError: false });
    const found = await call('search_memory', { query: 'green tea' });
    expect(Items.parse(found.structured).items).toContainEqual(expect.objectContaining({ key }));
    const again = await call('add_memory', { key, content: 'Black.' });
    expect(again).toMatchObject({ isError: true, code: 'conflict' });
    const { resources } = await client.listResources();
    expect(resources).toContainEqual(expect.objectContaining({ uri: 'memory://all' }));
    const read = async (uri: string) => JSON.stringify(await client.readResource({ uri }));
    expect(await read('memory://all')).toContain(key);
    expect((await client.listResourceTemplates()).resourceTemplates).toContainEqual(
      expect.objectContaining({ uriTemplate: 'harness://{chat_id}' }),
    );
    expect(await read('harness://nobody')).toContain('jobs');
  });

  test('a failed turn is an error that a model can read', async () => {
    const { call } = await connect();
    const message = 'x [[status:400]]';
    const failed = await call('send_gateway_message', { chat_id: 'failing', message });
    expect(failed).toMatchObject({ isError: true, code: 'api_error' });
    expect(failed.text).toMatch(/^\[ERROR\] .*turn_id [\da-f-]{36}/s);
  });

  test('bad arguments are refused by name, and nothing is done', async () => {
    const { client, call } = await connect();
    const before = (await gateway.client.call(operations.listTurns, {})).length;
    const bad = await call('send_gateway_message', { chat_id: 'a/b' });
    expect(bad).toMatchObject({ isError: true, code: 'invalid_input' });
    expect(bad.text).toContain('chat_id: must not contain "/"');
    expect(bad.text).toContain('message: is required');
    const typo = await call('send_gateway_message', { chat_id: '1', message: 'x', bot: 'other' });
    expect(typo.text).toBe('There is no argument "bot". There are: chat_id, bot_id, message.');
    await expect(client.callTool({ name: 'no_such_tool' })).rejects.toMatchObject({ code: -32602 });
    expect((await gateway.client.call(operations.listTurns, {})).length).toBe(before);
  });

  test('what clients leave out as null is left out', async () => {
    const { call } = await connect();
    const answer = await call('list_gateway_sessions', { bot_id: null });
    expect(answer.isError).toBe(false);
  });

  test('cancelling a call stops its turn, and no other', async () => {
    const { call } = await connect();
    const taken = new AbortController();
    const progress: string[] = [];
    const chat_id = `cancelled-${_name}`;
    const called = call(
      'send_gateway_message',
      { chat_id, message: '[[text:Long]] [[hang-mid]]' },
      { signal: taken.signal, onprogress: ({ message }) => progress.push(message ?? '') },
    ).catch((error: unknown) => error);
    await turnIn(gateway, chat_id, 'running');
    await eventually('progress', () => progress.includes('Claude has begun.'));
    taken.abort();
    await called;
    await turnIn(gateway, chat_id, 'stopped');
  });

  test('a client that only goes away leaves its turn going', async () => {
    const { call, close } = await connect();
    const chat_id = `left-${_name}`;
    const called = call('send_gateway_message', {
      chat_id,
      message: '[[pause:1500]] [[text:There anyway.]]',
    }).catch((error: unknown) => error);
    await turnIn(gateway, chat_id, 'running');
    await close();
    await called;
    expect(await turnIn(gateway, chat_id, 'completed')).toMatchObject({
      response: 'There anyway.',
    });
  });

  test('a long answer is cut between its items, and the rest can be read', async () => {
    const session_id = `long-${_name}`;
    const texts = Array.from({ length: 60 }, (_, n) => `${n} ${'字'.repeat(1_000)}`);
    for (const content of texts)
      await gateway.client.call(operations.addChatMessage, { session_id, role: 'user', content });
    const { call } = await connect();
    const first = await call('get_chat_session', { session_id });
    expect(first.text.length).toBeLessThan(25_000);
    const { items, total } = Items.parse(first.structured);
    expect(total).toBe(60);
    const read = items.map(({ content }) => content);
    const { more } = More.parse(first.structured);
    for (let { part } = more; part <= more.parts; part += 1) {
      const next = await call('read_more', { answer: more.answer, part });
      read.push(
        ...Items.omit({ total: true })
          .parse(next.structured)
          .items.map(({ content }) => content),
      );
    }
    expect(read).toEqual(texts);
    const gone = await call('read_more', { answer: 'a99', part: 1 });
    expect(gone).toMatchObject({ isError: true, code: 'not_found' });
  });

  test('a single answer that is too long is shortened, and whole in its parts', async () => {
    const { call } = await connect();
    const said = Array.from({ length: 9_000 }, (_, n) => `w${n}`).join(' ');
    const sent = await call('send_gateway_message', {
      chat_id: `essay-${_name}`,
      message: `[[chunk:4000]] [[text:${said}]]`,
    });
    expect(sent.text.length).toBeLessThan(25_000);
    const { more } = More.parse(sent.structured);
    let whole = '';
    for (let { part } = more; part <= more.parts; part += 1) {
      const { structured } = await call('read_more', { answer: more.answer, part });
      whole += z.object({ text: z.string() }).parse(structured).text;
    }
    expect(JSON.parse(whole)).toMatchObject({ response: said });
  });

  test('prompts are those whose tools are there', async () => {
    const { client } = await connect();
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      'catch_up',
      'ask_chat',
      'diagnose',
      'find_in_history',
      'remember',
      'schedule',
      'work_in_background',
    ]);
    const given = { chat_id: 'family', request: 'r', what: 'w', when: 'n', work: 'x' };
    const { tools } = await client.listTools();
    for (const { name, arguments: known = [] } of prompts) {
      const asked = Object.entries(given).filter(([key]) =>
        known.some((each) => each.name === key),
      );
      const prompt = await client.getPrompt({ name, arguments: Object.fromEntries(asked) });
      const named = JSON.stringify(prompt.messages).match(/\b[a-z]+_[a-z_]+[a-z]\b/g) ?? [];
      const other = ['job_type'];
      const offered = [...tools.map((tool) => tool.name), ...other];
      expect(named.filter((word) => !offered.includes(word))).toEqual([]);
      expect(named.length).toBeGreaterThan(0);
    }
    const { messages } = await client.getPrompt({
      name: 'ask_chat',
      arguments: { chat_id: 'family', request: 'Say hello' },
    });
    expect(JSON.stringify(messages)).toContain('Say hello');
    await expect(client.getPrompt({ name: 'ask_chat' })).rejects.toMatchObject({ code: -32602 });
  });
});

describe('stdio', () => {
  test('speaks for the bot of MCB_BOT_ID, and for another one where it is named', async () => {
    const { client, call } = await transports.stdio({ MCB_BOT_ID: 'hero' });
    const { tools } = await client.listTools();
    const send = tools.find(({ name }) => name === 'send_gateway_message');
    expect(send?.inputSchema.properties?.bot_id).toMatchObject({ default: 'hero' });
    await call('send_gateway_message', { chat_id: 'of-bot', message: '[[text:ok]]' });
    await call('send_gateway_message', { chat_id: 'of-bot', message: '[[text:ok]]', bot_id: 'b2' });
    const turns = await gateway.client.call(operations.listTurns, {});
    const bots = turns.filter(({ chat_id }) => chat_id === 'of-bot').map(({ bot_id }) => bot_id);
    expect(bots).toEqual(['b2', 'hero']);
  });

  test('without a gateway each call says how to start one', async () => {
    const { call, client } = await transports.stdio({ MCB_API_BASE: 'http://127.0.0.1:9/api' });
    const answer = await call('health_check');
    expect(answer).toMatchObject({ isError: true, code: 'unreachable' });
    expect(answer.text).toContain('http://127.0.0.1:9');
    expect(answer.text).toContain('`mini-claude-bot start`');
    await expect(client.listResources()).rejects.toThrow(/mini-claude-bot start/);
  });

  test('waits no longer than it may, and the turn goes on', async () => {
    const { call } = await transports.stdio({ MCB_GATEWAY_TIMEOUT: '1' });
    const chat_id = 'slow';
    const message = '[[pause:3000]] [[text:late]]';
    const answer = await call('send_gateway_message', { chat_id, message });
    expect(answer).toMatchObject({ isError: true, code: 'timeout' });
    const [, turn_id] = /turn_id ([\da-f-]{36})/.exec(answer.text) ?? [];
    await turnIn(gateway, chat_id, 'completed');
    const { structured } = await call('get_turn', { turn_id });
    expect(structured).toMatchObject({ state: 'completed', response: 'late' });
  });

  test('a message whose gateway is started anew is answered once', async () => {
    const own = await startTestGateway();
    try {
      const { port } = new URL(own.url);
      const { call } = keep(await overStdio({ HOME: own.home, MCB_API_BASE: `${own.url}/api` }));
      const chat_id = 'restarted';
      const called = call('send_gateway_message', { chat_id, message: '[[hang-mid]]' });
      await turnIn(own, chat_id, 'running');
      await own.restart({ PORT: port });
      expect(await called).toMatchObject({ isError: true, code: 'interrupted' });
      expect(await own.client.call(operations.listTurns, { chat_id })).toHaveLength(1);
    } finally {
      await own.stop();
    }
  });

  test('nothing but the protocol is on stdout, whoever prints; it ends with its input', async () => {
    const noise = `data:text/javascript,${encodeURIComponent(
      'setInterval(() => { console.log("noise"); process.stdout.write("noise"); }, 5).unref()',
    )}`;
    const child = spawn(process.execPath, ['--import', noise, program, 'mcp'], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: gateway.home,
        MCB_API_BASE: `${gateway.url}/api`,
        LOG_LEVEL: 'trace',
      },
    });
    const lines: string[] = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    await eventually('a first answer', () => lines.some((line) => line.includes('"id":1')));
    // From here on the protocol has the output for itself.
    const start = lines.findIndex((line) => line.includes('"id":1'));
    send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'health_check' } });
    await eventually(
      'an answer, and noise beside it',
      () => lines.some((line) => line.includes('"id":2')) && stderr.includes('noise'),
    );
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    for (const line of lines.slice(start + 1)) expect(JSON.parse(line)).toHaveProperty('jsonrpc');
    expect(rest).toBe('');
  });

  test('it is not for inside a chat', async () => {
    const child = spawn(process.execPath, [program, 'mcp'], {
      env: { PATH: process.env.PATH ?? '', HOME: gateway.home, MCB_PROCESS_MARKER: 'x.y' },
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toContain('mcp__bot__');
  });
});
