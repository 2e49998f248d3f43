import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { SpawnedProcess } from '@anthropic-ai/claude-agent-sdk/core';

/** A child process as the SDK wants one, whose output is another stream than the child's own. */
export class GuardedProcess extends EventEmitter implements SpawnedProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly stdout: Readable;

  constructor(child: ChildProcessWithoutNullStreams, stdout: Readable) {
    super();
    this.#child = child;
    this.stdout = stdout;
    // An `error` that nobody listens for would end this program.
    this.on('error', () => {});
    child.on('error', (error) => this.emit('error', error));
    child.on('exit', (code, signal) => this.emit('exit', code, signal));
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get killed(): boolean {
    return this.#child.killed;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get signalCode(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  kill(signal: NodeJS.Signals): boolean {
    return this.#child.kill(signal);
  }
}
