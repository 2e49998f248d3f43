import { execFile } from 'node:child_process';

/** How a program is run for its output. */
export interface CommandOptions {
  /** What it was to do, for the words of a fault; unset: the first of its words. */
  readonly verb?: string;
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended. */
  readonly timeoutMs: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** A program that could not be run, or ended with a fault. The message is what it said of itself, one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly missing: boolean;

  constructor(message: string, missing: boolean) {
    super(message);
    this.missing = missing;
  }
}

/** Runs a program without a shell: words are handed over as they are. @returns what it printed */
export type RunCommand = (
  program: string,
  words: readonly string[],
  options: CommandOptions,
) => Promise<string>;

const mostOutput = 16 * 1024 * 1024;

/** An address may have a name and a password in it. */
const withoutLogins = (text: string): string => text.replace(/:\/\/[^\s/@]+@/g, '://');

/** @throws CommandError */
export const runCommand: RunCommand = (
  program,
  words,
  { verb = words[0] ?? '', cwd, env, timeoutMs, signal },
) =>
  new Promise((resolve, reject) => {
    const options = { cwd, env: { ...env }, timeout: timeoutMs, maxBuffer: mostOutput, signal };
    const child = execFile(program, [...words], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const missing = 'code' in error && error.code === 'ENOENT';
      const said = withoutLogins(stderr).trim().split('\n').at(-1)?.trim().slice(0, 300);
      const ended = error.killed ? `it took longer than ${timeoutMs / 1000} s` : error.message;
      reject(new CommandError(`${program} ${verb}: ${said || ended}`, missing));
    });
    // It must not wait for somebody to type something.
    child.stdin?.end();
  });
