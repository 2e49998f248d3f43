import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ClaudeError } from './failure.ts';

/** The first version that delivers a chat's text as typed: older ones run it as a slash command. */
export const oldestVersion = '2.1.248';

const run = promisify(execFile);
const timeoutMs = 15_000;

/**
 * The Claude Code program to run.
 * @param chosen a path that the owner names; without one, the program that comes with the Agent SDK
 * @throws ClaudeError `claude_missing`
 */
export async function findClaude(chosen: string | undefined): Promise<string> {
  if (chosen === undefined) return bundledClaude();
  try {
    await access(chosen, constants.X_OK);
    return chosen;
  } catch (cause) {
    const why = `Claude Code was not found: CLAUDE_BIN=${chosen} is not a program that can be run.`;
    const what =
      'Its owner can correct that path, or remove CLAUDE_BIN to use the bundled program.';
    throw new ClaudeError('claude_missing', `${why} ${what}`, { cause });
  }
}

function bundledClaude(): string {
  const require = createRequire(import.meta.url);
  const base = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`;
  for (const name of process.platform === 'linux' ? [base, `${base}-musl`] : [base]) {
    try {
      return require.resolve(`${name}/claude`);
    } catch {
      // The other one may be there.
    }
  }
  throw new ClaudeError(
    'claude_missing',
    `Claude Code was not found: npm did not install it for ${process.platform}-${process.arch}. ` +
      'Install it from https://code.claude.com and set CLAUDE_BIN to its path.',
  );
}

/** Whether `version` is at least `oldest`; both `major.minor.patch`. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split('.').map(Number));
  for (const [index, part] of (b ?? []).entries()) {
    const difference = (a?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * The version of a Claude Code program.
 * @throws ClaudeError `claude_start_failed` when it does not say, `claude_too_old` when it can't be used
 */
export async function checkVersion(
  path: string,
  environment: Record<string, string>,
): Promise<string> {
  const { stdout } = await run(path, ['--version'], { env: environment, timeout: timeoutMs }).catch(
    (cause: unknown) => {
      throw new ClaudeError(
        'claude_start_failed',
        `Claude Code (${path}) does not run: ${firstLine(cause)}`,
        {
          cause,
        },
      );
    },
  );
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  if (version === undefined) {
    throw new ClaudeError(
      'claude_start_failed',
      `${path} is not Claude Code: it prints no version.`,
    );
  }
  if (isAtLeast(version, oldestVersion)) return version;
  throw new ClaudeError(
    'claude_too_old',
    `Claude Code ${version} (${path}) is too old; ${oldestVersion} or newer is needed. ` +
      'Its owner can run `claude update`, or remove CLAUDE_BIN to use the bundled program.',
  );
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

const AuthStatus = z.object({ loggedIn: z.boolean(), authMethod: z.string().default('unknown') });

/** Whether Claude is logged in, and how; `unknown` when the program does not say. */
export type LoginState =
  | { readonly kind: 'logged_in'; readonly method: string }
  | { readonly kind: 'logged_out' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Ask the program itself. Reads local files only: no request is made. */
export async function loginState(
  path: string,
  environment: Record<string, string>,
): Promise<LoginState> {
  // Logged out, it exits with 1 and prints the same form.
  const output = await run(path, ['auth', 'status', '--json'], {
    env: environment,
    timeout: timeoutMs,
  }).then(
    ({ stdout }) => stdout,
    (error: unknown) => z.object({ stdout: z.string() }).safeParse(error).data?.stdout ?? '',
  );
  const status = AuthStatus.safeParse(parseJson(output));
  if (!status.success) return { kind: 'unknown', why: `"${path} auth status" gave no answer` };
  const { loggedIn, authMethod } = status.data;
  return loggedIn ? { kind: 'logged_in', method: authMethod } : { kind: 'logged_out' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
