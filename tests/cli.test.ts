import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddingServer } from './support/embedding-server.ts';
import { lacks } from './support/needs.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** Where the command is run: a directory of the test's own, which is its user's home too. */
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-cli-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  /** Resolves once that text stands in stderr. */
  readonly says: (words: string) => Promise<void>;
  readonly ended: Promise<Ran>;
}

function start(
  words: readonly string[],
  input: string | Buffer,
  env: Record<string, string>,
): Running {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, ...env },
    stdio: 'pipe',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A command that refuses may be gone before it was given its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  const says = async (words: string): Promise<void> => {
    while (!stderr.includes(words)) await once(child.stderr, 'data');
  };
  return { child, ended, says };
}

const mcb = (
  words: readonly string[],
  input: string | Buffer = '',
  env: Record<string, string> = {},
): Promise<Ran> => start(words, input, env).ended;

const chat = (chatId: string, input: string | Buffer, ...options: string[]): Promise<Ran> =>
  mcb(['chat', chatId, '--url', gateway.url, ...options], input);

describe('chat', () => {
  test('sends what is piped, and writes the reply to stdout', async () => {
    expect(await chat('piped', 'Hello [[text:Hi there.]]\n')).toEqual({
      code: 0,
      stdout: 'Hi there.\n',
      stderr: '',
    });
  });

  test('all of the input is one message, line breaks included', async () => {
    const { stdout } = await chat('lines', 'one\ntwo\n\n你好 [[echo]]\n');
    expect(stdout).toBe('one\ntwo\n\n你好 [[echo]]\n');
  });

  test('a chat goes on where it was, also for another bot not', async () => {
    await chat('memory', 'My name is Wei. [[text:Noted.]]');
    expect((await chat('memory', '[[history]]')).stdout).toContain('My name is Wei.');
    expect((await chat('memory', '[[history]]', '--bot', 'other')).stdout).toBe('[]\n');
  });

  test('shows the use of tools beside the reply, and thinking where it is asked for', async () => {
    const message = '[[think:Hm, hm.]] [[bash:echo ok]] [[/]] [[text:Done.]]';
    expect(await chat('tools', message)).toEqual({
      code: 0,
      stdout: 'Done.\n',
      stderr: '⚙ Bash: echo ok\n',
    });
    const { stdout, stderr } = await chat('tools', message, '--thinking');
    expect(stdout).toBe('Done.\n');
    expect(stderr).toBe('Hm, hm.\n⚙ Bash: echo ok\n');
  });

  test('text that Claude took back is not in the reply', async () => {
    const message = '[[text:Half an ]] [[pause:500]] [[cut-mid]] [[times:1]] [[text:answer]]';
    const { stdout, stderr, code } = await chat('cut', message);
    expect(stdout).not.toContain('Half an Half an');
    expect(stdout).toContain('answer');
    expect(stderr).toContain('Starting over');
    expect(code).toBe(0);
  });

  test('lets nothing through that would steer a terminal', async () => {
    const { stdout } = await chat(
      'steer',
      '[[text:a\u001b[31mred\u001b]0;title\u0007b\u009b2Jc\rd]]',
    );
    expect(stdout).toBe('aredbcd\n');
  });

  test('a turn that fails says why on stderr, and exits with 1', async () => {
    const { code, stdout, stderr } = await chat('fails', '[[status:400]]');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('[ERROR]');
  });

  test('Ctrl-C stops the answer, and frees the chat', async () => {
    const running = start(['chat', 'stuck', '--url', gateway.url], 'stuck [[hang]]', {});
    await gateway.fake.waitForRequest(({ state, conversation }) =>
      Boolean(state === 'hanging' && conversation?.prompt.startsWith('stuck')),
    );
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('Stopped.');
    expect(code).toBe(130);
    const status = await gateway.client.call(operations.queueStatus, { chat_id: 'stuck' });
    expect(status.busy).toBe(false);
  });

  test('a message that waits is not taken for the one that runs', async () => {
    const first = gateway.client.call(operations.sendMessage, {
      chat_id: 'queue',
      message: 'first [[hang]]',
    });
    await gateway.fake.waitForRequest(({ state, conversation }) =>
      Boolean(state === 'hanging' && conversation?.prompt.startsWith('first')),
    );
    const running = start(['chat', 'queue', '--url', gateway.url], 'second [[text:ok]]', {});
    await running.says('come first.');
    running.child.kill('SIGINT');
    await running.says('will be answered');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const status = await gateway.client.call(operations.queueStatus, { chat_id: 'queue' });
    expect(status).toMatchObject({ busy: true, busy_message: 'first [[hang]]', queue_length: 1 });
    await gateway.client.call(operations.stopChat, { chat_id: 'queue' });
    await first;
  });

  test('for programs: the reply, and how it ended', async () => {
    const { stdout, code } = await chat(
      'json',
      '[[text:{"a": 1}\n]]',
      '--json',
      '--bot',
      'program',
    );
    expect(JSON.parse(stdout)).toEqual({
      bot_id: 'program',
      chat_id: 'json',
      end: 'answered',
      reply: '{"a": 1}',
    });
    expect(code).toBe(0);
    const failed = await chat('json', '[[status:400]]', '--json');
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ end: 'failed', reply: '' });
    expect(failed.stderr).toContain('[ERROR]');
  });

  test('without a gateway it says how to start one', async () => {
    const { code, stdout, stderr } = await mcb(['chat', '--url', 'http://127.0.0.1:1'], 'hi');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^No gateway answers at http:\/\/127\.0\.0\.1:1\. .*npm start.*\n$/);
  });

  test('goes to the gateway of the same configuration', async () => {
    writeFileSync(join(home, '.env'), `PORT=${new URL(gateway.url).port}\nMCB_BOT_ID=mine\n`);
    expect((await mcb(['chat', 'env'], '[[text:Found.]]')).stdout).toBe('Found.\n');
    const sessions = await gateway.client.call(operations.listSessions, { bot_id: 'mine' });
    expect(sessions.map(({ chat_id }) => chat_id)).toEqual(['env']);
  });

  test.each([
    ['no input', '', /nothing to send/],
    ['bytes that are no text', Buffer.from([0xff, 0xfe]), /not text in UTF-8/],
  ])('%s is a mistake of one line', async (_what, input, words) => {
    const { code, stdout, stderr } = await chat('mistake', input);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('what the gateway refuses is said in its words', async () => {
    const { code, stderr } = await chat('nul', 'a\0b');
    expect(stderr).toContain('must not contain NUL');
    expect(code).toBe(1);
  });
});

describe('mistakes get a line and exit code 2, and no stack', () => {
  test.each<[string[], RegExp]>([
    [['frob'], /unknown command 'frob'/],
    [['chat', '--frob'], /unknown option '--frob'/],
    [['chat', 'a', 'b'], /too many arguments/],
    [['chat', '..'], /must not be "\." or "\.\."/],
    [['chat', '--bot', 'a/b'], /must not contain "\/"/],
    [['chat', '--url', 'nonsense'], /is not an address/],
  ])('%j', async (words, said) => {
    const { code, stderr } = await mcb(words, 'hi');
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each([['chat'], ['start'], ['login'], ['demo']])('a bad value, in %s', async (command) => {
    const { code, stderr } = await mcb([command], 'hi', { PORT: 'abc' });
    expect(code).toBe(2);
    expect(stderr).toBe('PORT: "abc" is not valid; it must be a whole number from 0 to 65535.\n');
  });

  test.each([['chat'], ['start'], ['login']])('a .env that is no file, in %s', async (command) => {
    mkdirSync(join(home, '.env'));
    const { code, stderr } = await mcb([command], 'hi');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\S*\.env can't be read: [^\n]*\n$/);
  });
});

describe('cron', () => {
  const cron = (...words: string[]): Promise<Ran> => mcb(['cron', ...words, '--url', gateway.url]);

  test('makes a job, runs it, and shows what became of it', async () => {
    const added = await cron(
      'add',
      'greet',
      '30 9 * * 1-5',
      'echo hello; exit 3',
      '--timezone',
      'UTC',
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/^Job (\d+) is there.\nAt 09:30, Monday through Friday \(UTC\)/);
    const id = /^Job (\d+)/.exec(added.stdout)?.[1] ?? '';
    const ran = await cron('run', id);
    expect(ran).toEqual({ code: 1, stdout: 'Exit code 3.\nhello\n', stderr: '' });
    expect((await cron('history', id)).stdout).toMatch(/^RUN .*\n\d+ .* failed +manual +1 /);
    expect((await cron('pause', id)).stdout).toContain('paused');
    expect((await cron('resume', id)).stdout).toContain('waiting');
    expect((await cron('list')).stdout).toMatch(/^ID +NAME .*\n\d+ +greet +30 9 \* \* 1-5 /);
    expect(JSON.parse((await cron('list', '--json')).stdout)).toMatchObject([{ name: 'greet' }]);
    expect((await cron('remove', id)).stdout).toBe(`Job ${id} is deleted.\n`);
    expect((await cron('list')).stdout).toContain('has no jobs');
  });

  test('says what is wrong', async () => {
    const bad = await cron('add', 'x', '61 * * * *', 'true');
    expect(bad).toMatchObject({ code: 1, stdout: '' });
    expect(bad.stderr).toContain('the minute "61" is not valid');
    expect(await cron('run', '99')).toMatchObject({
      code: 1,
      stderr: 'There is no job with this id.\n',
    });
    expect(await cron('run', 'x')).toMatchObject({ code: 2 });
    expect(await cron('add', 'x', '@daily', 'true', '--on', 'never')).toMatchObject({ code: 2 });
  });
});

test('helps with commands below commands', async () => {
  const help = await mcb(['help', 'cron', 'add']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('Usage: mini-claude-bot cron add');
  expect(help.stdout).toContain('Examples:');
  expect(await mcb(['help', 'cron', 'frob'])).toMatchObject({ code: 2, stdout: '' });
});

test('init writes a first .env, which the gateway takes', async () => {
  const made = await mcb(
    ['init', '--set', 'PORT=0', '--set', 'TELEGRAM_BOT_TOKEN=-'],
    '12:canary\n',
  );
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).not.toContain('canary');
  const { stdout } = await mcb(['doctor', '--json']);
  const { findings }: { findings: { id: string; state: string }[] } = JSON.parse(stdout);
  for (const id of ['env_file', 'configuration'])
    expect(findings.find((finding) => finding.id === id)).toMatchObject({ state: 'ok' });
  expect(await mcb(['init', '--set', 'PORT=1'])).toMatchObject({ code: 1, stdout: '' });
});

test('without a command, and for help, it says what there is', async () => {
  const help = await mcb(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of ['start', 'chat', 'doctor', 'login', 'demo']) {
    expect(help.stdout).toContain(`\n  ${command} `);
  }
  const nothing = await mcb([]);
  expect({ code: nothing.code, said: nothing.stderr }).toEqual({ code: 2, said: help.stdout });
});

describe('login', () => {
  test('hands the terminal and the options to the program, and passes on how it ended', async () => {
    const claude = join(home, 'claude');
    writeFileSync(claude, '#!/bin/sh\necho "$@ $METRICS_SECRET"; cat; exit 7\n', { mode: 0o755 });
    const environment = { CLAUDE_BIN: claude, METRICS_SECRET: 'secret' };
    expect(await mcb(['login', '--console'], 'typed\n', environment)).toEqual({
      code: 7,
      stdout: 'auth login --console \ntyped\n',
      stderr: '',
    });
  });

  test('says so when there is no such program', async () => {
    const { code, stderr } = await mcb(['login'], '', { CLAUDE_BIN: join(home, 'nowhere') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Claude Code was not found: [^\n]*CLAUDE_BIN[^\n]*\n$/);
  });
});

describe('doctor', () => {
  interface Report {
    ok: boolean;
    findings: { id: string; state: string; found: string; fix?: string }[];
  }
  const examine = async (env: Record<string, string>) => {
    const { code, stdout } = await mcb(['doctor', '--json'], '', { PORT: '0', ...env });
    const report: Report = JSON.parse(stdout);
    const states = Object.fromEntries(report.findings.map(({ id, state }) => [id, state]));
    return { code, ok: report.ok, findings: report.findings, states };
  };

  test('finds nothing wrong where nothing is', async () => {
    const { code, ok, states } = await examine({
      ANTHROPIC_API_KEY: 'sk-ant-test',
      IS_SANDBOX: '1',
      EMBEDDINGS_PROVIDER: 'none',
    });
    const { xelatex, fonts, ...others } = states;
    if (!lacks('xelatex', 'fc-match'))
      expect({ xelatex, fonts }).toEqual({ xelatex: 'ok', fonts: 'ok' });
    expect(others).toEqual({
      node: 'ok',
      env_file: 'ok',
      configuration: 'ok',
      claude: 'ok',
      clock: 'ok',
      disk: 'ok',
      mail: 'ok',
      login: 'ok',
      permission_mode: 'ok',
      session_directory: 'ok',
      transcripts: 'ok',
      database_directory: 'ok',
      database: 'ok',
      telegram: 'ok',
      embeddings: 'ok',
      port: 'ok',
    });
    expect({ code, ok }).toEqual({ code: 0, ok: true });
  });

  test('says what is wrong, each with a fix, and exits with 1', async () => {
    writeFileSync(join(home, '.env'), 'LOG_LEVEL=loud\n', { mode: 0o644 });
    writeFileSync(join(home, 'file'), 'This is no database, and no directory either.');
    const { code, ok, states, findings } = await examine({
      CLAUDE_BIN: join(home, 'nowhere'),
      DATABASE_PATH: join(home, 'file'),
      GATEWAY_SESSION_DIR: join(home, 'file', 'sessions'),
      PORT: new URL(gateway.fake.url).port,
    });
    expect(states).toMatchObject({
      env_file: 'warning',
      configuration: 'problem',
      claude: 'problem',
      session_directory: 'problem',
      database: 'problem',
      port: 'problem',
    });
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(findings.filter(({ state, fix }) => state !== 'ok' && !fix)).toEqual([]);
  });

  test('an embedding server that is not there, or lacks the model, is a warning with what to do', async () => {
    const server = await EmbeddingServer.atFreePort();
    const findingOf = async () => {
      const { code, findings } = await examine({
        ANTHROPIC_API_KEY: 'sk-ant-test',
        IS_SANDBOX: '1',
        ...server.env,
      });
      expect(code).toBe(0);
      return findings.find(({ id }) => id === 'embeddings');
    };
    expect(await findingOf()).toMatchObject({
      state: 'warning',
      found: expect.stringContaining(server.url),
      fix: expect.stringContaining('EMBEDDINGS_PROVIDER=none'),
    });
    await server.start([]);
    try {
      expect(await findingOf()).toMatchObject({
        state: 'warning',
        found: expect.stringContaining('nomic-embed-text'),
        fix: 'ollama pull nomic-embed-text',
      });
      await server.stop();
      await server.start();
      expect(await findingOf()).toMatchObject({ state: 'ok' });
    } finally {
      await server.stop();
    }
  });

  test('a login that is missing is a problem, and said with its command', async () => {
    const { code, findings } = await examine({ IS_SANDBOX: '1' });
    expect(findings.filter(({ state }) => state === 'problem')).toMatchObject([
      { id: 'login', fix: expect.stringContaining('npx mini-claude-bot login') },
    ]);
    expect(code).toBe(1);
  });

  test('a port that our own gateway has is no problem, and neither is its database', async () => {
    const { states } = await examine({
      PORT: new URL(gateway.url).port,
      DATABASE_PATH: join(gateway.home, 'gateway.db'),
    });
    expect(states).toMatchObject({ port: 'ok', database: 'ok', database_holder: 'ok' });
  });

  test('prints a line for each finding', async () => {
    const { stdout } = await mcb(['doctor'], '', { PORT: '0', CLAUDE_BIN: join(home, 'nowhere') });
    expect(stdout).toMatch(/^✓ Node\.js /m);
    expect(stdout).toMatch(/^✗ Claude Code was not found.*\n {4}→ \S/m);
    expect(stdout).toMatch(/^1 problem, /m);
  });
});
