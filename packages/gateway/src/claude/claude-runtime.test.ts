import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listProcesses } from '@mini-claude-bot/claude';
import { BotId, ChatId } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { systemClock } from '../host/clock.ts';
import { createLogger } from '../host/logger.ts';
import { ChatTools } from './chat-tools.ts';
import { ClaudeRuntime } from './claude-runtime.ts';

let home: string;
let runtime: ClaudeRuntime;
let environment: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-runtime-'));
  mkdirSync(join(home, 'chat'));
  mkdirSync(join(home, 'other'));
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    // Nobody is there: no message is sent in these tests.
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    ANTHROPIC_API_KEY: 'sk-ant-test',
    IS_SANDBOX: '1',
  };
  runtime = newRuntime();
});
afterEach(async () => {
  await runtime.closeAll();
  rmSync(home, { recursive: true, maxRetries: 5 });
});

const newRuntime = (): ClaudeRuntime =>
  new ClaudeRuntime({
    config: loadConfig(environment),
    environment,
    gatewayId: 'runtime-test',
    now: () => Date.now(),
    logger: createLogger('silent'),
    processMemory: async () => 0,
    maxWarmBytes: 0,
    tools: new ChatTools({
      config: loadConfig(environment),
      clock: systemClock,
      logger: createLogger('silent'),
    }),
  });

const identity = (name: string): string => {
  const { dev, ino } = statSync(join(home, name));
  return `${dev}:${ino}`;
};
const request = (directoryIdentity: string) => ({
  key: 'k',
  directory: join(home, 'chat'),
  directoryIdentity,
  conversation: async () => ({ kind: 'new' as const }),
  toolUser: {
    chat: { botId: BotId.parse('hero'), chatId: ChatId.parse('1') },
    attended: true,
  },
});

test('a process that came up in another directory than was looked at gets no message', async () => {
  await expect(runtime.acquire(request(identity('other')))).rejects.toMatchObject({
    reason: 'directory_unusable',
  });
  expect(runtime.warm()).toEqual([]);
  const session = await runtime.acquire(request(identity('chat')));
  expect(session.usable).toBe(true);
});

describe('a spare process', () => {
  let spare: number | undefined;
  beforeEach(async () => {
    environment.CLAUDE_SPARE_PROCESSES = '1';
    runtime = newRuntime();
    await runtime.prepareSpares();
    [spare] = await ourProcesses();
  });

  test('serves in the directory that was looked at', async () => {
    const session = await runtime.acquire(request(identity('chat')));
    expect(session.pid).toBe(spare);
  });

  test('is ended where it moved to another one', async () => {
    await expect(runtime.acquire(request(identity('other')))).rejects.toMatchObject({
      reason: 'directory_unusable',
    });
    expect(await ourProcesses()).not.toContain(spare);
  });
});

const ourProcesses = async (): Promise<number[]> =>
  (await listProcesses())
    .filter(({ marker }) => marker?.startsWith('runtime-test.') === true)
    .map(({ pid }) => pid);
