import { type ExecFileException, execFile } from 'node:child_process';

/** What became of a program: its output, and why it failed where it did. */
export interface ProgramRun {
  readonly stdout: string;
  readonly failure?: string | undefined;
}

/** Run a program that answers and exits, for so many milliseconds at most. Never rejects. */
export function runProgram(
  path: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<ProgramRun> {
  return new Promise((resolve) => {
    // SIGKILL: one that hangs may not listen to anything less.
    const options = { env: environment, timeout: limitMs, killSignal: 'SIGKILL' as const };
    try {
      execFile(path, parameters, options, (error, stdout, stderr) => {
        resolve({ stdout, failure: error === null ? undefined : why(error, stderr, limitMs) });
      }).stdin?.end();
    } catch (error) {
      // A path that no program can have, such as one with a NUL in it.
      resolve({ stdout: '', failure: error instanceof Error ? error.message : String(error) });
    }
  });
}

function why(error: ExecFileException, stderr: string, limitMs: number): string {
  if (error.killed) return `it did not answer within ${Math.ceil(limitMs / 1000)} s`;
  const lastLine = stderr.trim().split('\n').at(-1)?.trim();
  if (lastLine) return lastLine.slice(0, 300);
  return typeof error.code === 'number' ? `it exited with code ${error.code}` : error.message;
}
