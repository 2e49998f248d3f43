import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { markerVariable } from '@mini-claude-bot/claude';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../host/clock.ts';
import { runCommand } from '../host/run-command.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { RepoCommands } from './repo-commands.ts';
import { readSettings } from './repo-list.ts';

const path = process.env.PATH ?? '';

function whyNoSandbox(): string | undefined {
  try {
    execFileSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `bubblewrap does not work here: ${String(error).split('\n')[0]}`;
  }
}
const why = whyNoSandbox();

let worktree: string;
beforeEach(() => {
  worktree = mkdtempSync(join(homedir(), '.mcb-test-worktree-'));
  writeFileSync(join(worktree, '.git'), 'gitdir: nowhere\n');
});
afterEach(() => rmSync(worktree, { recursive: true }));

const run = (
  command: string,
  settings: object = {},
  network: 'network' | 'no network' = 'no network',
  env: Record<string, string> = { PATH: path, GH_TOKEN: 'gho_secret' },
) =>
  new RepoCommands({
    env,
    run: runCommand,
    newMarker: () => `test.${process.pid}.${Math.random()}`,
    clock: systemClock,
    secrets: new KnownSecrets(['ghp_a-token-of-the-owner']),
  }).run(
    command,
    worktree,
    readSettings(JSON.stringify(settings)),
    network,
    new AbortController().signal,
  );

const unconfined = { sandbox: 'none' };

test('it passes or fails, and what it printed is told', async () => {
  expect(await run('echo yes; test "$CI" = 1', unconfined)).toEqual({
    kind: 'passed',
    said: 'yes',
  });
  expect(await run('echo no >&2; exit 3', unconfined)).toEqual({ kind: 'failed', said: 'no' });
});

/** Nothing, where that process has gone. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

test('a secret that it prints is hidden, also where what is kept begins within it', async () => {
  const { said } = await run('echo ghp_a-token-of-the-owner', unconfined);
  expect(said).not.toContain('token-of');
  const rest = 'x'.repeat(1_990);
  const cut = await run(`echo ghp_a-token-of-the-owner${rest}`, unconfined);
  expect(cut.said).not.toContain('owner');
});

test('one that takes too long is ended, with all that it started', async () => {
  const settings = { ...unconfined, test_minutes: 0.01 };
  const { kind } = await run('sleep 300 & echo $! > child; sleep 300', settings);
  expect(kind).toBe('timed_out');
  const child = readFileSync(join(worktree, 'child'), 'utf8').trim();
  expect(environmentOf(child)).not.toContain(markerVariable);
});

test('without bubblewrap nothing is run', async () => {
  const nowhere = join(tmpdir(), 'nowhere');
  expect(await run('touch ran', {}, 'no network', { PATH: nowhere })).toEqual({
    kind: 'not_run',
    said: 'bubblewrap is not installed',
  });
  expect(existsSync(join(worktree, 'ran'))).toBe(false);
});

const isCi = process.env.CI === 'true';
const suffix = why === undefined ? '' : ` (${why})`;
test.skipIf(why !== undefined && !isCi)(
  `in the sandbox there is the worktree, and nothing else of the owner's${suffix}`,
  async () => {
    const secret = join(homedir(), `.mcb-test-secret-${process.pid}`);
    const server = createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    mkdirSync(secret);
    try {
      const tries = [
        ['a file of the home', `cat '${secret}/x' || ls '${secret}'`],
        ['the home itself', `touch "$HOME/x" && test -e '${secret}'`],
        ['what git reads', `echo x > '${worktree}/.git'`],
        ['a variable of the owner', 'test -n "$GH_TOKEN"'],
        ['variables of other processes', 'grep -l gho_secret /proc/[0-9]*/environ'],
        ['the network', `exec 3<>/dev/tcp/127.0.0.1/${port}`],
        ['the system', 'touch /usr/x'],
      ];
      for (const [what, command] of tries)
        expect((await run(`bash -c ${quoted(command ?? '')}`)).kind, what).toBe('failed');
      expect(await run('node -e "console.log(6 * 7)" && touch made')).toEqual({
        kind: 'passed',
        said: '42',
      });
      expect(existsSync(join(worktree, 'made'))).toBe(true);
      const reach = `exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3`;
      const reached = await run(`bash -c ${quoted(reach)}`, {}, 'network');
      expect(reached).toEqual({ kind: 'passed', said: 'reached' });
    } finally {
      server.close();
      rmSync(secret, { recursive: true });
    }
  },
);

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
