import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { noClaude } from '../support/no-claude.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/**
 * Puts a link in the place of a directory and the directory back, as fast as it can, until it is ended: what
 * a chat's programs can do to their own directory, or to another one's, while the gateway works there.
 */
const exchange = `
const { renameSync, symlinkSync, unlinkSync, mkdirSync } = require('node:fs');
const [, path, target] = process.argv;
const quietly = (act) => { try { act(); } catch {} };
for (let n = 0; ; n += 1) {
  quietly(() => renameSync(path, path + '.aside'));
  quietly(() => symlinkSync(target, path));
  quietly(() => unlinkSync(path));
  quietly(() => renameSync(path + '.aside', path));
  if (n === 10) process.stdout.write('at it');
}`;

let gateway: TestGateway;
let outside: string;
let racer: ChildProcess | undefined;
beforeAll(async () => {
  gateway = await startTestGateway({ env: noClaude });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  outside = join(gateway.home, 'outside');
  for (const name of ['1', '.harness']) {
    mkdirSync(join(outside, name), { recursive: true });
    writeFileSync(join(outside, name, 'precious'), 'secret-of-others');
  }
});
afterEach(async () => {
  racer?.kill('SIGKILL');
  if (racer !== undefined) await once(racer, 'exit');
  racer = undefined;
});
vi.setConfig({ testTimeout: 120_000 });

async function startExchanging(path: string, target: string): Promise<void> {
  racer = spawn(process.execPath, ['-e', exchange, path, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (racer.stdout !== null) await once(racer.stdout, 'data');
}

const directory = (...names: string[]) => join(gateway.home, 'sessions', ...names);
const { sendMessage, stopChat } = operations;

/** Nothing beyond the chats' directories was removed, changed or copied. */
function expectUntouched(): void {
  for (const name of ['1', '.harness'])
    expect(readFileSync(join(outside, name, 'precious'), 'utf8')).toBe('secret-of-others');
  // The test itself writes through a link, as a chat's program would.
  const mine = /^(\.harness|own-\d+)$/;
  const added = readdirSync(outside, { recursive: true, encoding: 'utf8' })
    .map((path) => basename(path))
    .filter((name) => !mine.test(name));
  expect(added.toSorted()).toEqual(['1', 'precious', 'precious']);
  const archives = join(gateway.home, '.claude-gateway-archives');
  const copies = readdirSync(archives, { recursive: true, encoding: 'utf8' });
  expect(copies.filter((path) => path.endsWith('precious'))).toEqual([]);
}

/** Make a chat with much in it, and end it; again and again. */
async function makeAndStop(bot_id: string, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await gateway.client.call(sendMessage, { chat_id: '1', bot_id, message: 'hi' });
    try {
      mkdirSync(directory(bot_id, '1', '.harness'), { recursive: true });
      for (let n = 0; n < 20; n += 1)
        writeFileSync(directory(bot_id, '1', '.harness', `own-${n}`), 'x');
    } catch {
      // It is a link at this moment: then there is less in it.
    }
    await gateway.client.call(stopChat, { chat_id: '1', bot_id }).catch(() => {});
  }
}

test.each([
  ['its directory', (bot: string) => [directory(bot, '1'), join('..', '..', 'outside', '1')]],
  ['its bot’s directory', (bot: string) => [directory(bot), join('..', 'outside')]],
  [
    'its harness',
    (bot: string) => [
      directory(bot, '1', '.harness'),
      join('..', '..', '..', 'outside', '.harness'),
    ],
  ],
])('%s is exchanged for a link while the chat is made, archived and removed', async (what, of) => {
  mkdirSync(join(gateway.home, '.claude-gateway-archives'), { recursive: true });
  const bot = `racing ${what}`;
  const [path = '', target = ''] = of(bot);
  mkdirSync(directory(bot, '1', '.harness'), { recursive: true });
  await startExchanging(path, target);
  await makeAndStop(bot, 60);
  expectUntouched();
  racer?.kill('SIGKILL');
  if (racer !== undefined) await once(racer, 'exit');
  racer = undefined;
  // What was left in the middle of an exchange is in its place again, and the chat goes on.
  rmSync(directory(bot), { recursive: true, force: true });
  await makeAndStop(bot, 1);
  expectUntouched();
});
