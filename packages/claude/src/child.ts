import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk/core';
import type { Death, Exit } from './death.ts';
import { GuardedProcess } from './guarded-process.ts';
import { LineLimit } from './line-limit.ts';
import { endTree } from './processes/end-tree.ts';
import { lowerPriority } from './processes/lower-priority.ts';
import { within } from './within.ts';

const tailLength = 4096;
/** Far more than the largest tool result, and no danger to the memory of a small machine. */
const longestLine = 64 * 1024 * 1024;
/** Between the end of the output and the end of the process, in either order. */
const partingMs = 1_000;

/** One Claude process: started in a group of its own, watched, and ended with everything it started. */
export class ClaudeChild {
  readonly marker: string;
  readonly exited: Promise<Exit>;
  readonly #longestLine: number;
  #resolveExit: (exit: Exit) => void = () => {};
  #process: ChildProcessWithoutNullStreams | undefined;
  #output: LineLimit | undefined;
  #stderr = '';
  #exit: Exit | undefined;
  #fault: Exclude<Death, { kind: 'ended' }> | undefined;

  /** @param marker unique to this process */
  constructor(marker: string, options: { readonly longestLine?: number } = {}) {
    this.marker = marker;
    this.#longestLine = options.longestLine ?? longestLine;
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

  /** It has ended, though what it started may go on. */
  get gone(): boolean {
    return this.#exit !== undefined;
  }

  /** Why it ended, as far as that is known. */
  get death(): Death {
    return this.#fault ?? { kind: 'ended', exit: this.#exit, stderr: this.#stderr };
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
    // First of all: a program that could not be started may have no pipes to listen to.
    child.on('error', (error) => this.#noteFault({ kind: 'not_started', error }));
    child.on('exit', (code, signal) => this.#noteExit({ code, signal }));
    this.#process = child;
    if (child.pid !== undefined) void lowerPriority(child.pid);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-tailLength);
    });
    // A process that ends while it is written to: its exit says so already.
    child.stdin.on('error', () => {});
    return new GuardedProcess(child, this.#guardOutput(child));
  };

  /** End the process and all that it started, daemons too. Nothing of it is left afterwards. */
  async end(): Promise<void> {
    if (this.#process === undefined) return;
    try {
      const root = this.pid === undefined ? undefined : { pid: this.pid, alive: this.alive };
      await endTree((marker) => marker === this.marker, root);
    } finally {
      this.#cutOutput();
    }
    await within(partingMs, this.exited);
  }

  get flooded(): boolean {
    return this.#fault?.kind === 'flooded';
  }

  /** It writes without an end. */
  endForFlood(what: 'line' | 'reply', longest: number): void {
    this.#noteFault({ kind: 'flooded', what, longest });
  }

  #guardOutput(child: ChildProcessWithoutNullStreams): LineLimit {
    const output = new LineLimit(this.#longestLine, () => {
      this.endForFlood('line', this.#longestLine);
    });
    this.#output = output;
    // It has nothing more to say: it ends soon, or it never will.
    output.once('end', () => void this.#endUnlessExited());
    return child.stdout.pipe(output);
  }

  #noteFault(fault: Exclude<Death, { kind: 'ended' }>): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    if (fault.kind === 'not_started') this.#noteExit({ code: null, signal: null });
    else void this.end().catch(() => {});
  }

  #noteExit(exit: Exit): void {
    this.#exit ??= exit;
    this.#resolveExit(this.#exit);
    // What it started may still hold its output open: nobody would learn that it is gone.
    setTimeout(() => this.#cutOutput(), partingMs).unref();
  }

  async #endUnlessExited(): Promise<void> {
    await within(partingMs, this.exited);
    if (this.alive) this.#noteFault({ kind: 'fell_silent' });
  }

  #cutOutput(): void {
    this.#process?.stdout?.destroy();
    this.#process?.stderr?.destroy();
    this.#output?.end();
  }
}
