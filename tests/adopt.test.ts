import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findClaude } from '@mini-claude-bot/claude';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOldVersion } from '../packages/gateway/src/adopt/test-old-versions.ts';
import { type GatewayProcess, spawnGateway } from './support/gateway-process.ts';
import { testEnvironment } from './support/test-gateway.ts';

const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

let home: string;
let old: string;
/** The directory that the new gateway is started in. */
let place: string;
let fake: FakeAnthropic;
let gateway: GatewayProcess | undefined;
let environment: Record<string, string>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'mcb-adopt-'));
  old = join(home, 'old');
  place = join(home, 'new');
  mkdirSync(join(old, 'data'), { recursive: true });
  mkdirSync(place);
  fake = await startFakeAnthropic();
  // Sessions and archives are where the old system had them: that is what is to be found out.
  const { GATEWAY_SESSION_DIR, GATEWAY_ARCHIVE_DIR, ...rest } = testEnvironment(home, fake.url);
  environment = rest;
});
afterEach(async () => {
  gateway?.child.kill('SIGKILL');
  await gateway?.exited;
  gateway = undefined;
  await fake.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const mcb = (...words: string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: place,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

/** One message as the old system sent it: a process for each, in the chat's directory. @returns its conversation */
async function oldTurn(directory: string, message: string, ...options: string[]): Promise<string> {
  const claude = await findClaude(undefined);
  const words = ['-p', message, '--output-format', 'json', ...options];
  const { stdout } = await promisify(execFile)(claude, words, { cwd: directory, env: environment });
  const { session_id } = JSON.parse(stdout);
  return session_id;
}

async function transcriptOf(conversation: string): Promise<string> {
  const projects = join(home, '.claude', 'projects');
  const files = await readdir(projects, { recursive: true });
  const found = files.find((name) => name.endsWith(`${conversation}.jsonl`));
  if (found === undefined) throw new Error(`there is no transcript of ${conversation}`);
  return join(projects, found);
}

test('an old install goes on here: each chat in its conversation, its jobs on their days, its settings', async () => {
  const sessions = join(home, 'claude-gateway-sessions');
  const [open, closed, fresh] = ['42', '-100123', '77'].map((id) => join(sessions, 'default', id));
  if (open === undefined || closed === undefined || fresh === undefined) throw new Error();
  for (const directory of [open, closed, fresh]) mkdirSync(directory, { recursive: true });
  writeFileSync(join(open, 'notes.txt'), 'of the chat');
  makeOldVersion(join(old, 'data', 'mini-claude-bot.db'), 8, {
    messages: 4,
    vectors: 2,
    directory: open,
  });
  const database = new Sqlite(join(old, 'data', 'mini-claude-bot.db'));
  database.exec(`INSERT INTO chat_messages (session_id, role, content)
    VALUES ('gw-default-42', 'user', 'My name is Wei.'), ('gw-default-42', 'assistant', 'Noted.');`);
  database.close();
  writeFileSync(
    join(old, '.env'),
    'REPORT_CC=a@example.com\nMETRICS_SECRET=canary-secret\nVERCEL_TOKEN=canary-token\nDATABASE_PATH=data/mini-claude-bot.db\n',
  );

  const named = await oldTurn(open, 'Context that the old system adds.\n\nMy name is Wei.');
  // Work in the background left a newer transcript in the same directory.
  const background = await oldTurn(open, 'Work on the list.');
  const later = Date.now() / 1000 + 60;
  await utimes(await transcriptOf(background), later, later);
  await oldTurn(closed, 'We like tea here.');

  const plan = await mcb('adopt', old);
  expect(plan).toMatchObject({ code: 0, stderr: '' });
  expect(plan.stdout).toContain(
    'Chats: 2 of 2 go on in the conversation that they had (1 of them had been closed',
  );
  expect(plan.stdout).toMatch(/written: METRICS_SECRET, REPORT_CC\n.*not known.*: VERCEL_TOKEN\n/);
  expect(plan.stdout).toContain('add --yes');
  expect(plan.stdout).not.toContain('canary');

  const done = await mcb('adopt', old, '--yes', '--json');
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).not.toContain('canary');
  expect(JSON.parse(done.stdout)).toMatchObject({
    done: true,
    chats: expect.arrayContaining([
      expect.objectContaining({ chat_id: '42', conversation: named, known: 'by its last message' }),
    ]),
  });
  expect(readFileSync(join(place, '.env'), 'utf8')).toContain('METRICS_SECRET=canary-secret\n');

  gateway = spawnGateway(environment, place);
  const client = createClient({ baseUrl: await gateway.url });
  const ask = async (chat_id: string): Promise<string> =>
    (await client.call(operations.sendMessage, { chat_id, message: '[[history]]' })).response;
  expect(await ask('42')).toContain('My name is Wei.');
  expect(await ask('-100123')).toContain('We like tea here.');
  expect(await ask('77')).toBe('[]');
  const [job] = await client.call(operations.listCronJobs, {});
  expect(job).toMatchObject({ name: 'news', cron_expression: '30 7 * * MON-FRI', enabled: 1 });
  const history = await client.call(operations.getChatSession, { session_id: 'gw-default-42' });
  expect(history.map(({ content }) => content).slice(0, 6)).toEqual([
    'message 1',
    'message 2',
    'message 3',
    'message 4',
    'My name is Wei.',
    'Noted.',
  ]);
  expect(readFileSync(join(open, 'notes.txt'), 'utf8')).toBe('of the chat');

  expect(await mcb('adopt', '--undo', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('in use by another gateway'),
  });
  gateway.child.kill('SIGTERM');
  await gateway.exited;
  const undone = await mcb('adopt', '--undo', '--yes');
  expect(undone).toMatchObject({ code: 0, stderr: '' });
  expect(undone.stdout).toContain('What was used meanwhile is now ');
  expect(await mcb('adopt', '--undo')).toMatchObject({ code: 1 });
});

test.each<[string, string[], number, RegExp]>([
  ['no place', ['adopt'], 2, /^Which install\?/],
  ['a place that is not there', ['adopt', '/nowhere/at/all'], 1, /^There is nothing at/],
  ['a place with --undo', ['adopt', 'x', '--undo'], 2, /takes no place/],
  ['nothing to undo', ['adopt', '--undo', '--yes'], 1, /nothing to undo/],
  ['an .env that is not there', ['adopt', '.', '--env', 'nowhere'], 2, /^--env: there is no file/],
])('%s is said in one line', async (_what, words, code, said) => {
  const ran = await mcb(...words);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
  expect(ran.stderr).toMatch(said);
  expect(ran.stderr.trimEnd()).not.toContain('\n');
});
