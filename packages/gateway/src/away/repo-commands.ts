import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { runShell, type ShellEnd } from '../cron/shell/run-shell.ts';
import type { Clock } from '../host/clock.ts';
import { CommandError, type RunCommand } from '../host/run-command.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { RepoSettings } from './repo-list.ts';

/** What commands of a repository are run with. */
export interface RepoCommandsParts {
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunCommand;
  /** For the processes of one command: what a death leaves of them is ended by it. */
  readonly newMarker: () => string;
  readonly clock: Clock;
  /** What they print may stand in a pull request that anybody reads. */
  readonly secrets: Pick<KnownSecrets, 'hide'>;
}

/** What came of a command. */
export interface CommandOutcome {
  readonly kind: 'passed' | 'failed' | 'timed_out' | 'not_run';
  /** Why it was not run, or the last lines of what it printed. */
  readonly said: string;
}

/** Enough to compile and to run programs, and nothing that is anybody's own. */
const systemFolders = ['/usr', '/opt', '/nix'];
const systemLinks = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'];
const systemFiles = [
  ...['alternatives', 'ca-certificates', 'group', 'hosts', 'ld.so.cache', 'ld.so.conf'],
  ...['ld.so.conf.d', 'localtime', 'nsswitch.conf', 'passwd', 'pki', 'resolv.conf', 'ssl'],
].map((name) => `/etc/${name}`);

const longestSaid = 2_000;
/** Home of a command in the sandbox: empty, and gone afterwards. */
const sandboxHome = '/tmp/home';

/**
 * Runs what the owner's list says about a repository: its setup, and its tests, which may be code that Claude wrote by a
 * stranger's wish. They run where there is nothing of the owner's but the worktree, and tests without the network.
 */
export class RepoCommands {
  readonly #parts: RepoCommandsParts;

  constructor(parts: RepoCommandsParts) {
    this.#parts = parts;
  }

  /** Never rejects. @param signal ends it */
  async run(
    command: string,
    directory: string,
    settings: RepoSettings,
    network: 'network' | 'no network',
    signal: AbortSignal,
  ): Promise<CommandOutcome> {
    const isConfined = settings.sandbox === 'bubblewrap';
    const { env, run, newMarker, clock, secrets } = this.#parts;
    const why = isConfined ? await whyNoSandbox(run, env) : undefined;
    if (why !== undefined) return { kind: 'not_run', said: why };
    const path = env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
    const wrapped = [
      'exec',
      'bwrap',
      ...boundaries(directory, path, network),
      '/bin/sh',
      '-c',
      command,
    ];
    const result = await runShell(
      {
        shell: '/bin/sh',
        command: isConfined ? wrapped.map(quoted).join(' ') : command,
        directory,
        environment: isConfined ? { PATH: path, LANG: 'C.UTF-8' } : { ...env, CI: '1' },
        marker: newMarker(),
        limitMs: settings.test_minutes * 60_000,
        signal,
      },
      clock,
    );
    const printed = [result.stdout, result.stderr].map((text) => text.trim()).filter(Boolean);
    // Hidden before it is cut: of half a secret nobody knows that it is one.
    const said = secrets.hide(printed.join('\n')).slice(-longestSaid);
    return outcomeOf(result.end, said, settings.test_minutes);
  }
}

/** Undefined where commands can be confined on this machine. */
export async function whyNoSandbox(
  run: RunCommand,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const path = env.PATH ?? '';
  try {
    const words = [...boundaries('/usr', path, 'no network'), '/bin/sh', '-c', ':'];
    await run('bwrap', words, { env, timeoutMs: 10_000 });
    return undefined;
  } catch (error) {
    if (error instanceof CommandError && error.missing) return 'bubblewrap is not installed';
    return `bubblewrap can not be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Options of bubblewrap. */
function boundaries(directory: string, path: string, network: 'network' | 'no network'): string[] {
  const git = join(directory, '.git');
  return [
    ...['--unshare-all', ...(network === 'network' ? ['--share-net'] : [])],
    ...['--die-with-parent', '--new-session'],
    ...systemFolders.flatMap((folder) => ['--ro-bind-try', folder, folder]),
    ...systemLinks.flatMap((folder) => ['--ro-bind-try', folder, folder]),
    ...systemFiles.flatMap((file) => ['--ro-bind-try', file, file]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--dir', sandboxHome],
    ...programFolders(path).flatMap((folder) => ['--ro-bind-try', folder, folder]),
    ...(directory === '/usr' ? [] : ['--bind', directory, directory]),
    ...(existsSync(git) ? ['--ro-bind', git, git] : []),
    ...['--setenv', 'HOME', sandboxHome, '--setenv', 'CI', '1', '--chdir', directory],
  ];
}

/** Programs that the owner has installed in their home, such as another version of Node. */
function programFolders(path: string): string[] {
  const home = homedir();
  return path.split(delimiter).flatMap((folder) => {
    if (!folder.startsWith(home + sep)) return [];
    const above = dirname(folder);
    return [above === home ? folder : above];
  });
}

function outcomeOf(end: ShellEnd, said: string, minutes: number): CommandOutcome {
  switch (end.kind) {
    case 'exited':
      return { kind: end.code === 0 ? 'passed' : 'failed', said };
    case 'killed':
      return { kind: 'failed', said: `${said}\n(ended by ${end.signal})`.trim() };
    case 'timed_out':
      return { kind: 'timed_out', said: `It took longer than ${minutes} min.\n${said}`.trim() };
    case 'ended':
      return { kind: 'not_run', said: 'it was stopped' };
    case 'not_started':
      return { kind: 'not_run', said: end.why };
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
