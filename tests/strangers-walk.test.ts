import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findClaude } from '@mini-claude-bot/claude';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOldVersion } from '../packages/gateway/src/adopt/test-old-versions.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** It takes less than a minute in all where nothing else runs. */
const patient = 540_000;

/** Of a person who has never seen the project: a home, and in it a clone. */
let home: string;
let clone: string;
let fake: FakeAnthropic;
let env: Record<string, string>;
const started: Started[] = [];

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'mcb-walk-')));
  clone = join(home, 'mini-claude-bot');
  fake = await startFakeAnthropic();
  // All else is as it comes: nothing says where the database, chats, backups and units belong.
  env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    TMPDIR: home,
    PORT: '0',
    EMBEDDINGS_PROVIDER: 'none',
    ANTHROPIC_BASE_URL: fake.url,
    ANTHROPIC_API_KEY: 'sk-ant-walk',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    IS_SANDBOX: '1',
  };
  await cloneHere();
}, 120_000);
afterAll(async () => {
  for (const each of started) await each.end();
  await fake.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** What git would give a stranger, as it is here now, with the packages that `npm ci` has fetched already. */
async function cloneHere(): Promise<void> {
  const listed = await run('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 2 ** 24 });
  for (const name of listed.stdout.split('\0').filter((each) => existsSync(join(root, each)))) {
    if (name === '') continue;
    mkdirSync(dirname(join(clone, name)), { recursive: true });
    copyFileSync(join(root, name), join(clone, name));
  }
  linkPackages('node_modules');
  const workspaces = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name, 'node_modules')),
  );
  for (const place of workspaces) if (existsSync(join(root, place))) linkPackages(place);
}

/** Links to the project's own packages lead within the clone, as they do here. */
function linkPackages(place: string): void {
  mkdirSync(join(clone, place));
  for (const name of readdirSync(join(root, place))) {
    const each = join(place, name);
    if (lstatSync(join(root, each)).isSymbolicLink())
      symlinkSync(readlinkSync(join(root, each)), join(clone, each));
    else if (name === '@mini-claude-bot' || name === '.bin') linkPackages(each);
    else if (!name.startsWith('.')) symlinkSync(join(root, each), join(clone, each));
  }
}

interface Started {
  readonly child: ChildProcess;
  /** What it has said. */
  readonly said: () => string;
  /** Waits until it says that. @returns the first group */
  readonly says: (words: RegExp) => Promise<string>;
  /** Ends it as Ctrl-C in its terminal does. @returns its exit code */
  readonly end: () => Promise<number | null>;
}

/** A program that goes on, in a terminal of its own. */
function start(words: readonly string[], extra: Record<string, string> = {}, cwd = clone): Started {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, {
    cwd,
    env: { ...env, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const hear = (text: string): void => {
    said += text;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const says = async (wanted: RegExp): Promise<string> => {
    for (;;) {
      const found = wanted.exec(said)?.[1];
      if (found !== undefined) return found;
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then(() => Promise.reject(new Error(`${words.join(' ')} ended: ${said}`))),
      ]);
    }
  };
  const end = async (): Promise<number | null> => {
    // npm and npx are processes of their own.
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGINT');
    return ended;
  };
  const one = { child, said: () => said, says, end };
  started.push(one);
  return one;
}

const mcb = (...words: string[]) =>
  run(join(clone, 'node_modules/.bin/mini-claude-bot'), words, { cwd: clone, env });

const ask = async (url: string, chat_id: string, message: string): Promise<string> =>
  (await createClient({ baseUrl: url }).call(operations.sendMessage, { chat_id, message }))
    .response;

/** The page and the program that it loads, as a browser gets them. */
async function pageIsUp(url: string): Promise<void> {
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  const script = /<script[^>]+src="([^"]+)"/.exec(await page.text())?.[1] ?? 'no script';
  const loaded = await fetch(new URL(script, url));
  expect(loaded.status).toBe(200);
  expect(loaded.headers.get('content-type')).toContain('javascript');
}

/** What the system would start by that unit, where, and with what. */
function unitOf(path: string) {
  const text = readFileSync(path, 'utf8');
  const [command = '', directory = ''] = ['ExecStart', 'WorkingDirectory'].map(
    (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '',
  );
  const set = [...text.matchAll(/^Environment="(\w+)=(.*)"$/gm)];
  return {
    command: [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, bare]) => quoted ?? bare ?? '',
    ),
    directory,
    environment: Object.fromEntries(set.map(([, name = '', value = '']) => [name, value])),
  };
}

// They follow each other, as the stranger goes.
test(
  'the first command serves the page, and answers',
  async () => {
    const readme = readFileSync(join(clone, 'README.md'), 'utf8');
    for (const command of ['npm ci && npm start', 'npm run demo', 'npm ci && npm test'])
      expect(readme).toContain(command);

    const gateway = start(['npm', 'start']);
    const url = await gateway.says(/listens on (\S+)\n/);
    await pageIsUp(url);
    expect(await ask(url, 'first', 'Hello! [[text:Good to meet you.]]')).toBe('Good to meet you.');
    await gateway.end();
  },
  patient,
);

test(
  'the demo answers on its own, with its page',
  async () => {
    // Nothing of it reaches the model that is set up here.
    const asked = fake.requests.length;
    const demo = start(['npm', 'run', 'demo'], { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' });
    const demoUrl = await demo.says(/The demo is ready at (\S+)/);
    await pageIsUp(demoUrl);
    expect(await ask(demoUrl, 'mine', 'Hi [[text:Hello.]]')).toBe('Hello.');
    await demo.end();
    expect(fake.requests).toHaveLength(asked);
  },
  patient,
);

test(
  'the second command runs the tests',
  async () => {
    // One file stands for all: that the tests are found, and run on what was cloned.
    const tests = ['test', '--', 'packages/gateway/src/cli/is-wanted.test.ts'];
    const tested = await run('npm', tests, {
      cwd: clone,
      env: { ...env, CI: 'true', NO_COLOR: '1' },
    });
    expect(tested.stdout).toMatch(/Test Files\s+1 passed/);
  },
  patient,
);

/** An install as the old system left it: its database, its settings, a chat in a conversation of Claude's. */
async function oldInstall(): Promise<string> {
  const old = join(home, 'old');
  const directory = join(home, 'claude-gateway-sessions', 'default', '42');
  for (const each of [join(old, 'data'), directory]) mkdirSync(each, { recursive: true });
  const database = join(old, 'data', 'mini-claude-bot.db');
  makeOldVersion(database, 8, { messages: 4, vectors: 2, directory });
  const rows = new Sqlite(database);
  rows.exec(`INSERT INTO chat_messages (session_id, role, content)
    VALUES ('gw-default-42', 'user', 'My name is Wei.'), ('gw-default-42', 'assistant', 'Noted.')`);
  rows.close();
  writeFileSync(
    join(old, '.env'),
    'REPORT_CC=a@example.com\nDATABASE_PATH=data/mini-claude-bot.db\n',
  );
  const claude = await findClaude(undefined);
  await run(claude, ['-p', 'My name is Wei.'], { cwd: directory, env });
  return old;
}

test(
  'an old install is adopted, runs as the service would, is backed up, breaks, and goes on restored',
  async () => {
    const old = await oldInstall();
    // What was said to the gateway above is in a database of its own: that is how somebody has tried it first.
    const first = await mcb('adopt', old, '--yes').catch(({ stderr }: { stderr: string }) => ({
      stderr,
    }));
    expect(first.stderr).not.toBe('');
    writeFileSync(join(clone, '.env'), 'DATABASE_PATH=data/moved-in.db\n');
    expect((await mcb('adopt', old, '--yes')).stdout).toMatch(/Chats: (\d) of \1 go on/);

    const installed = await mcb('service', 'install', '--no-start', '--json');
    const { files }: { files: string[] } = JSON.parse(installed.stdout);
    const unit = unitOf(files.find((path) => path.endsWith('mini-claude-bot.service')) ?? '');
    expect(unit.directory).toBe(clone);
    // The key is no part of a unit: that is said, with where it belongs.
    expect(installed.stdout).toContain('ANTHROPIC_API_KEY is set in this shell alone');
    expect(JSON.stringify(unit)).not.toContain(env.ANTHROPIC_API_KEY);
    const serve = () => start(unit.command, unit.environment, unit.directory);

    const service = serve();
    const url = await service.says(/listens on (\S+)\n/);
    expect(await ask(url, '42', '[[history]]')).toContain('My name is Wei.');
    await ask(url, '42', 'I keep bees. [[text:How many?]]');
    const made: { path: string } = JSON.parse((await mcb('backup', '--json')).stdout);
    await ask(url, '42', 'Two hives, but that was after the backup. [[text:I see.]]');
    await service.end();

    const database = join(clone, 'data', 'moved-in.db');
    for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
    writeFileSync(database, Buffer.alloc(65_536, 'broken '));
    const broken = serve();
    await expect(broken.says(/listens on (\S+)\n/)).rejects.toThrow('ended');
    expect(await broken.end()).not.toBe(0);
    expect(broken.said()).toContain(database);

    expect((await mcb('restore', made.path)).stdout).toContain('Restored');
    const again = serve();
    const history = await ask(await again.says(/listens on (\S+)\n/), '42', '[[history]]');
    expect(history).toContain('My name is Wei.');
    expect(history).toContain('I keep bees.');
    const client = createClient({ baseUrl: await again.says(/listens on (\S+)\n/) });
    const said = await client.call(operations.getChatSession, { session_id: 'gw-default-42' });
    expect(said.map(({ content }) => content)).toContain('message 1');
    await again.end();
  },
  patient,
);
