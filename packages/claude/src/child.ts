import { type ChildProcess, spawn } from 'node:child_process';
import type { SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk/core';
import { endTree } from './processes/end-tree.ts';

const tailLength = 4096;

/** How a process ended: by itself, or by a signal. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** One Claude process: started in a group of its own, watched, and ended with everything it started. */
export class ClaudeChild {
  readonly #marker: string;
  readonly exited: Promise<Exit>;
  #resolveExit: (exit: Exit) => void = () => {};
  #process: ChildProcess | undefined;
  #stderr = '';
  #exit: Exit | undefined;

  constructor(marker: string) {
    this.#marker = marker;
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve;
    });
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get alive(): boolean {
    return this.#process !== undefined && this.#exit === undefined;
  }

  /** The last of what it wrote to stderr. */
  get stderr(): string {
    return this.#stderr;
  }

  /** For the SDK's `spawnClaudeCodeProcess`. */
  readonly spawn = (options: SpawnOptions): SpawnedProcess => {
    // The SDK's abort signal is not passed on: it would end the process alone and leave its tools.
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-tailLength);
    });
    // A process that ends while it is written to: its exit says so already.
    child.stdin.on('error', () => {});
    child.on('error', () => this.#noteExit({ code: null, signal: null }));
    child.on('exit', (code, signal) => this.#noteExit({ code, signal }));
    return child;
  };

  #noteExit(exit: Exit): void {
    this.#exit ??= exit;
    this.#resolveExit(this.#exit);
  }

  /** End the process and all that it started, daemons too. Nothing of it is left afterwards. */
  async end(): Promise<void> {
    if (this.#process === undefined) return;
    await endTree((marker) => marker === this.#marker, this.alive ? this.pid : undefined);
  }
}
