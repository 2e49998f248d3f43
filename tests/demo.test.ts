import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { startTestGateway } from './support/test-gateway.ts';

const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'mcb-demo-'));
  for (const name of ['home', 'tmp']) mkdirSync(join(scratch, name));
});
let endDemo: () => Promise<unknown> = async () => undefined;
afterEach(async () => {
  await endDemo();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

function startDemo(env: Record<string, string>) {
  const child = spawn(process.execPath, [program, 'demo'], {
    cwd: scratch,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: join(scratch, 'home'),
      TMPDIR: join(scratch, 'tmp'),
      // Where these led anywhere, the demo would not be one.
      ANTHROPIC_API_KEY: 'sk-ant-owner',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      DATABASE_PATH: join(scratch, 'home', 'mine.db'),
      GATEWAY_SESSION_DIR: join(scratch, 'home', 'sessions'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  endDemo = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const says = async (words: RegExp): Promise<string> => {
    for (;;) {
      const found = words.exec(stdout)?.[1];
      if (found !== undefined) return found;
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then(() => Promise.reject(new Error(`the demo ended: ${stderr}`))),
      ]);
    }
  };
  return { child, ended, says };
}

/** The only thing that the demo makes outside of it is its own directory. */
function demoHome(): string {
  const made = readdirSync(join(scratch, 'tmp'));
  expect(made).toEqual([expect.stringContaining('mini-claude-bot-demo-')]);
  return join(scratch, 'tmp', made[0] ?? '');
}

test('the demo has chats with history, answers, keeps to itself, and leaves nothing behind', async () => {
  const demo = startDemo({ PORT: '0' });
  const url = await demo.says(/The demo is ready at (\S+)/);
  await demo.says(/(Ctrl-C ends the demo)/);
  const home = demoHome();
  const client = createClient({ baseUrl: url });

  const chats = await client.call(operations.listChatSessions, {});
  const histories = await Promise.all(
    chats.map(({ session_id }) => client.call(operations.getChatSession, { session_id })),
  );
  const replies = histories.flat().filter(({ role }) => role === 'assistant');
  expect(replies.filter(({ source }) => source === 'error')).toEqual([]);
  const words = replies.map(({ content }) => content).join('\n');
  expect(words).toContain('| --- |');
  expect(words).toContain('```ts');
  expect(words).toMatch(/\p{Script=Han}/u);
  // Written by the tool that the chat used.
  expect(words).toContain('last-look.txt');

  expect((await client.call(operations.listMemories, {})).length).toBeGreaterThan(1);
  const jobs = await client.call(operations.listCronJobs, {});
  const runs = await Promise.all(
    jobs.map(({ id }) => client.call(operations.cronHistory, { job_id: id })),
  );
  expect(runs.flat().map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  expect(await (await fetch(url)).text()).toContain('<title>mini-claude-bot</title>');

  const message = { chat_id: 'demo', message: '[[history]]' };
  const { response } = await client.call(operations.sendMessage, message);
  expect(response).toContain('Hello! Who are you?');
  expect(await markedProcesses(home)).not.toEqual([]);

  demo.child.kill('SIGINT');
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
  expect(await markedProcesses(home)).toEqual([]);
  expect(readdirSync(join(scratch, 'tmp'))).toEqual([]);
  expect(readdirSync(join(scratch, 'home'))).toEqual([]);
});

test('the demo can be ended while its chats are still being made', async () => {
  const demo = startDemo({ PORT: '0' });
  await demo.says(/(a few chats are being made)/);
  const home = demoHome();
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
  expect(await markedProcesses(home)).toEqual([]);
  expect(existsSync(home)).toBe(false);
});

test('a port that is taken is said so, with what to do', async () => {
  const other = await startTestGateway();
  try {
    const { port } = new URL(other.url);
    const { code, stdout, stderr } = await startDemo({ PORT: port }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `Port ${port} is in use already. Choose another, for instance: PORT=8001 npm run demo\n`,
    );
    expect(readdirSync(join(scratch, 'tmp'))).toEqual([]);
  } finally {
    await other.stop();
  }
});
