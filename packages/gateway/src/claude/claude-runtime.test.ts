import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { createLogger } from '../host/logger.ts';
import { ClaudeRuntime } from './claude-runtime.ts';

let home: string;
let runtime: ClaudeRuntime;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-runtime-'));
  mkdirSync(join(home, 'chat'));
  mkdirSync(join(home, 'other'));
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    // Nobody is there: no message is sent in these tests.
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    ANTHROPIC_API_KEY: 'sk-ant-test',
    IS_SANDBOX: '1',
  };
  runtime = new ClaudeRuntime({
    config: loadConfig(environment),
    environment,
    gatewayId: 'runtime-test',
    now: () => Date.now(),
    logger: createLogger('silent'),
    processMemory: async () => 0,
    maxWarmBytes: 0,
  });
});
afterEach(async () => {
  await runtime.closeAll();
  rmSync(home, { recursive: true, maxRetries: 5 });
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
});

test('a process that came up in another directory than was looked at gets no message', async () => {
  await expect(runtime.acquire(request(identity('other')))).rejects.toMatchObject({
    reason: 'directory_unusable',
  });
  expect(runtime.warm()).toEqual([]);
  const session = await runtime.acquire(request(identity('chat')));
  expect(session.usable).toBe(true);
});
