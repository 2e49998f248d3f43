import { spawn } from 'node:child_process';

/** How a program of the typesetter's is run. */
export interface ToolOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended, with all that it started. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type ToolEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string }
  | { readonly kind: 'missing' | 'timed_out' | 'stopped' }
  | { readonly kind: 'failed'; readonly why: string };

/** More is not kept: whoever prints so much says nothing. */
const mostOutput = 16 * 1024 * 1024;

/**
 * Run a program without a shell, in a group of processes of its own: what takes too long ends as a whole.
 * Never rejects.
 */
export function runTool(
  program: string,
  words: readonly string[],
  { cwd, env, limitMs, signal }: ToolOptions,
): Promise<ToolEnd> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ kind: 'stopped' });
    const child = spawn(program, [...words], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let ended: 'timed_out' | 'stopped' | undefined;
    const end = (why: 'timed_out' | 'stopped'): void => {
      ended ??= why;
      endGroup(child.pid);
    };
    const timer = setTimeout(() => end('timed_out'), limitMs);
    const stop = (): void => end('stopped');
    signal?.addEventListener('abort', stop, { once: true });
    const finish = (result: ToolEnd): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      // What it left behind, it left in its group.
      endGroup(child.pid);
      resolve(result);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostOutput) chunks.push(chunk);
    });
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      finish(missing ? { kind: 'missing' } : { kind: 'failed', why: error.message });
    });
    child.once('close', (code, killed) => {
      if (ended !== undefined) finish({ kind: ended });
      else if (code === null) finish({ kind: 'failed', why: `it was ended by ${killed}` });
      else finish({ kind: 'exited', code, stdout: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}
