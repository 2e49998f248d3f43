import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markedProcesses } from '../support/claude-processes.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from '../support/gateway-process.ts';
import { testEnvironment } from '../support/test-gateway.ts';
import { everythingIn } from './every-file.ts';

let home: string;
let fake: FakeAnthropic;
let gateway: GatewayProcess;
beforeAll(async () => {
  home = scratchDirectory();
  fake = await startFakeAnthropic();
  // What an earlier run, or an old system, left open to all.
  for (const name of ['gateway.db.pid', 'gateway.db.lock'])
    writeFileSync(join(home, name), '', { mode: 0o666 });
  mkdirSync(join(home, 'sessions', 'default', '1'), { recursive: true });
  for (const name of ['sessions/default', 'sessions/default/1']) chmodSync(join(home, name), 0o777);
  gateway = spawnGateway(testEnvironment(home, fake.url), home, 'pipe', '000');
  const client = createClient({ baseUrl: await gateway.url });
  const harness =
    'mkdir -m 777 .harness && echo "{}" > .harness/tasks.json && chmod 666 .harness/tasks.json';
  const send = (chat_id: string, message: string) =>
    client.call(operations.sendMessage, { chat_id, message });
  await Promise.all([
    send('1', '[[text:hi]]'),
    send('2', `[[bash:${harness}]] [[/]] [[text:made]]`),
  ]);
  await client.call(operations.stopChat, { chat_id: '2' });
});
afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  for (const pid of await markedProcesses(home)) process.kill(pid, 'SIGKILL');
  await fake.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Claude's own files have the rights that Claude gives them. */
const ours = (path: string): boolean =>
  !path.startsWith(join(home, '.claude/')) && !path.startsWith(join(home, '.cache'));

test('whatever the umask, what the gateway makes is for its owner alone', () => {
  const { files, directories } = everythingIn(home);
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const claudes = ['.claude', '.claude.json', '.cache', '.config', '.local', '.npm'].map((name) =>
    join(home, name),
  );
  const open = (paths: string[], allowed: string) =>
    paths
      .filter((path) => ours(path) && !claudes.includes(path) && path !== join(home, 'sessions'))
      .filter((path) => mode(path) !== allowed)
      .map((path) => `${mode(path)} ${path}`);
  expect(open(files, '600')).toEqual([]);
  expect(open(directories, '700')).toEqual([]);
  const names = readdirSync(home);
  expect(names).toEqual(
    expect.arrayContaining(
      ['', '-wal', '-shm', '.lock', '.pid', '.access'].map((end) => `gateway.db${end}`),
    ),
  );
  expect(readdirSync(join(home, '.claude-gateway-archives'))).toHaveLength(2);
});

test('doctor --security finds nothing open but what was there before', () => {
  const program = new URL('../../packages/gateway/bin/mini-claude-bot.js', import.meta.url)
    .pathname;
  const run = (): string => {
    try {
      // As somebody else would start one: what counts is how the one that runs was started.
      const env = { ...testEnvironment(home, fake.url), CLAUDE_PERMISSION_MODE: 'plan' };
      return execFileSync(process.execPath, [program, 'doctor', '--security', '--json'], {
        cwd: home,
        env,
        encoding: 'utf8',
      });
    } catch (error) {
      return String((error as { stdout: unknown }).stdout);
    }
  };
  const findings: { id: string; state: string; found: string; fix?: string }[] = JSON.parse(
    run(),
  ).findings;
  const stateOf = (wanted: string) => findings.find(({ id }) => id === wanted)?.state;
  expect(stateOf('configuration')).toBe(process.platform === 'linux' ? 'ok' : 'warning');
  if (process.platform === 'linux') expect(stateOf('permission_mode')).toBe('warning');
  const open = findings.filter(({ id, state }) => id === 'private' && state !== 'ok');
  const left = [join(home, 'sessions'), home, join(home, '.claude', 'projects')];
  expect(open.filter(({ fix }) => !left.some((path) => fix === `chmod 700 ${path}`))).toEqual([]);
  for (const { state, fix } of findings) if (state !== 'ok') expect(fix).toBeTruthy();
});
