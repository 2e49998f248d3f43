import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { endTree, markerVariable } from '@mini-claude-bot/claude';
import type { Clock } from '../../host/clock.ts';
import { CappedOutput } from './capped-output.ts';

/** Kept of each of stdout and stderr, in bytes: of the beginning, and of the end. */
const headMax = 16 * 1024;
const tailMax = 48 * 1024;
/** What it left in the background may hold its output open: it is waited for so long. */
const partingMs = 1_000;

/** A command for a shell. */
export interface ShellCommand {
  readonly shell: string;
  readonly command: string;
  /** It is made where it is missing. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Carried by all that it starts: how they are found. */
  readonly marker: string;
  readonly limitMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called with what it writes, as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** What became of it. */
export type ShellEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** The system, or somebody else, ended it. */
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timed_out' | 'ended'; readonly left?: string | undefined }
  | { readonly kind: 'not_started'; readonly why: string };

export type ShellResult = {
  readonly end: ShellEnd;
  readonly stdout: string;
  readonly stderr: string;
};

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Run a command, in a group of processes of its own. When it takes too long, or is ended from outside, all
 * that it started ends with it, daemons too. What it leaves in the background when it ends by itself, it
 * leaves. Never rejects.
 */
export async function runShell(command: ShellCommand, clock: Clock): Promise<ShellResult> {
  const stdout = new CappedOutput(headMax, tailMax);
  const stderr = new CappedOutput(headMax, tailMax);
  const done = (end: ShellEnd): ShellResult => ({ end, stdout: stdout.text, stderr: stderr.text });
  if (command.signal.aborted) return done({ kind: 'ended' });
  try {
    await mkdir(command.directory, { recursive: true, mode: 0o700 });
    const child = start(command);
    for (const [stream, output] of [
      [child.stdout, stdout],
      [child.stderr, stderr],
    ] as const)
      stream.on('data', (chunk: Buffer) => {
        output.add(chunk);
        command.onOutput?.(chunk);
      });
    return done(await watch(child, command, clock));
  } catch (error) {
    return done({
      kind: 'not_started',
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

const start = ({ shell, command, directory, environment, marker }: ShellCommand): Child =>
  spawn(shell, ['-c', command], {
    cwd: directory,
    env: { ...environment, [markerVariable]: marker },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });

async function watch(child: Child, command: ShellCommand, clock: Clock): Promise<ShellEnd> {
  const exited = exitOf(child);
  const stop = new AbortController();
  const timedOut = Symbol('timed out');
  const cancel = clock.after(command.limitMs, () => stop.abort(timedOut));
  const signal = AbortSignal.any([stop.signal, command.signal]);
  try {
    const end = await Promise.race([exited, abortOf(signal)]);
    if (end !== undefined) {
      await outputEnd(child, clock);
      return end;
    }
    const alive = child.exitCode === null && child.signalCode === null;
    const root = child.pid === undefined ? undefined : { pid: child.pid, alive };
    const left = await endTree((marker) => marker === command.marker, root).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    await outputEnd(child, clock);
    return { kind: signal.reason === timedOut ? 'timed_out' : 'ended', left };
  } finally {
    cancel();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

const exitOf = (child: Child): Promise<ShellEnd> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not_started', why: error.message }));
    child.once('exit', (code, signal) => {
      if (code !== null) resolve({ kind: 'exited', code });
      else resolve({ kind: 'killed', signal: signal ?? 'unknown' });
    });
  });

const abortOf = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** Resolves when all output has been read, or nothing more is to be expected. */
async function outputEnd(child: Child, clock: Clock): Promise<void> {
  const ended = [child.stdout, child.stderr].map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (stream.readableEnded || stream.destroyed) resolve();
        stream.once('close', resolve);
      }),
  );
  let cancel = (): void => {};
  const enough = new Promise<void>((resolve) => {
    cancel = clock.after(partingMs, resolve);
  });
  await Promise.race([Promise.all(ended), enough]);
  cancel();
}
