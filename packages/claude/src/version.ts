import { ClaudeError } from './failure.ts';
import { runProgram } from './run-program.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The first version that delivers a chat's text as typed: older ones run it as a slash command. */
export const oldestVersion = '2.1.248';

/** "2.1.330 (Claude Code)", or the number alone: other programs print their names before it. */
const versionLine = /^v?(\d+\.\d+\.\d+)(?:[-+]\S*)?(?: \(Claude Code\))?\s*$/m;

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
 * @param limitMs how long it may take to say it
 * @throws ClaudeError `claude_start_failed` when it does not say, `claude_too_old` when it can't be used
 */
export async function checkVersion(
  path: string,
  environment: Readonly<Record<string, string>>,
  limitMs = 15_000,
): Promise<string> {
  const { stdout, failure } = await runProgram(path, ['--version'], environment, limitMs);
  if (failure !== undefined) throw unusable(path, `does not run: ${withoutSecrets(failure)}`);
  const version = versionLine.exec(stdout)?.[1];
  if (version === undefined) throw unusable(path, 'is not Claude Code: it prints no version');
  if (isAtLeast(version, oldestVersion)) return version;
  throw new ClaudeError(
    'claude_too_old',
    `Claude Code ${version} (${path}) is too old; ${oldestVersion} or newer is needed. ` +
      'Its owner can run `claude update`, or remove CLAUDE_BIN to use the bundled program.',
  );
}

const unusable = (path: string, why: string): ClaudeError =>
  new ClaudeError(
    'claude_start_failed',
    `The program that CLAUDE_BIN names (${path}) ${why}. ` +
      'Its owner can correct that path, or remove CLAUDE_BIN to use the bundled program.',
  );
