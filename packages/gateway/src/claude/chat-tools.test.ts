import type { Client } from '@mini-claude-bot/client';
import { BotId, ChatId, GatewayError } from '@mini-claude-bot/contract';
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { createLogger } from '../host/logger.ts';
import { TestClock } from '../host/test-clock.ts';
import type { Caller } from '../http/caller.ts';
import { ChatTools } from './chat-tools.ts';

const chat = { botId: BotId.parse('hero'), chatId: ChatId.parse('7') };

async function open({ env = {}, mode = true }: { env?: Record<string, string>; mode?: boolean }) {
  const parts = { config: loadConfig(env), clock: new TestClock(), logger: createLogger('silent') };
  const tools = new ChatTools(parts);
  const callers: Caller[] = [];
  const client: Client = {
    call: async () => {
      throw new GatewayError('not_found', 'Nothing is here.');
    },
    callWithHeaders: async () => {
      throw new Error('nobody reads headers');
    },
    stream: () => {
      throw new Error('nothing is streamed');
    },
  };
  tools.serve((caller) => {
    callers.push(caller);
    return client;
  });
  const own = await tools.load(mode);
  if (own === undefined) throw new Error('there are no tools');
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const mcp = new McpClient({ name: 'test', version: '1' });
  await Promise.all([own.create('m1').connect(ours), mcp.connect(theirs)]);
  const call = () => mcp.callTool({ name: 'health_check', arguments: {} });
  return { tools, callers, call };
}

test('a process that has no chat yet reaches nothing, and none any more when it has ended', async () => {
  const { tools, callers, call } = await open({});
  expect(await call()).toMatchObject({ isError: true });
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  tools.assign({ marker: 'other', ended }, { chat, attended: true });
  await call();
  expect(callers).toEqual([]);
  tools.assign({ marker: 'm1', ended }, { chat, attended: true });
  await call();
  expect(callers).toMatchObject([{ botId: 'hero' }]);
  end();
  await ended;
  await call();
  expect(callers).toHaveLength(1);
});

test.each([
  { attended: true, mode: true, env: {}, may: true },
  { attended: false, mode: true, env: {}, may: false },
  { attended: false, mode: true, env: { CHAT_TOOLS_UNATTENDED_COMMANDS: 'on' }, may: true },
  // Where Claude may run no commands, a schedule would be a way around that.
  { attended: true, mode: false, env: { CHAT_TOOLS_UNATTENDED_COMMANDS: 'on' }, may: false },
])('who may have commands run: %o', async ({ attended, mode, env, may }) => {
  const { tools, callers, call } = await open({ env, mode });
  tools.assign({ marker: 'm1', ended: new Promise(() => {}) }, { chat, attended });
  await call();
  expect(callers).toEqual([{ name: 'chat:7', botId: 'hero', mayRunCommands: may }]);
});
