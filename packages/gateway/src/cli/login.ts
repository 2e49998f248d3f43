import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ClaudeError, claudeEnvironment, findClaude } from '@mini-claude-bot/claude';
import { withheldNames } from '../secrets/secrets-of-environment.ts';
import { type ConfigSources, readSettings } from './settings.ts';
import { UserFault } from './user-fault.ts';

/**
 * Log Claude Code in: its own dialogue, in this terminal.
 * @param options for `claude auth login`
 * @returns its exit code
 */
export async function loginCommand(
  options: readonly string[],
  sources: ConfigSources,
): Promise<number> {
  const { config, environment } = readSettings(sources);
  const executable = await findClaude(config.CLAUDE_BIN).catch((error: unknown) => {
    throw error instanceof ClaudeError ? new UserFault(error.message) : error;
  });
  return runInTerminal(
    executable,
    ['auth', 'login', ...options],
    claudeEnvironment(environment, withheldNames(environment)),
  );
}

/** Ctrl-C reaches the program by itself; ours must outlive it to pass its exit code on. */
function runInTerminal(
  program: string,
  words: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  return new Promise<number>((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit', env });
    child.once('error', (error) =>
      reject(new UserFault(`${program} could not be run: ${error.message}`)),
    );
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  }).finally(() => process.off('SIGINT', ignore));
}
