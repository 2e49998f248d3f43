import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { GatewayProgram } from '../gateway-process.ts';
import type { Summary } from '../statistics.ts';

const answerWithinMs = 10_000;
const lookAgainMs = 20;

/** By how many milliseconds the event loop came late to a timer. */
export interface Lateness extends Summary {
  readonly p999: number;
}

/** What the probe in a gateway saw since it was last asked. */
export interface Stretch {
  readonly loop: Lateness;
  /** The same without the time for which it was ready to run and had no core: what its own work took. */
  readonly blocked: Lateness;
  /** What its objects and buffers take after a garbage collection. */
  readonly heldBytes: number;
}

/** A program that has a probe in its process; see `probe.mjs`. */
export function withProbe({ program, flags }: GatewayProgram, file: string): GatewayProgram {
  const probe = pathToFileURL(join(process.cwd(), 'bench', 'src', 'load', 'probe.mjs'));
  probe.searchParams.set('file', file);
  return { program, flags: [...flags, '--expose-gc', '--import', probe.href] };
}

/** Asks the probe of one gateway. */
export class GatewayProbe {
  readonly #pid: number;
  readonly #file: string;

  constructor(pid: number, file: string) {
    this.#pid = pid;
    this.#file = file;
  }

  /** @throws when the gateway does not answer within 10 s, or is gone */
  async ask(): Promise<Stretch> {
    await writeFile(this.#file, '');
    process.kill(this.#pid, 'SIGUSR2');
    const deadline = performance.now() + answerWithinMs;
    while (performance.now() < deadline) {
      await sleep(lookAgainMs);
      const line = await readFile(this.#file, 'utf8');
      // It is our own program that wrote this.
      if (line.endsWith('\n')) return JSON.parse(line) as Stretch;
    }
    throw new Error('the probe in the gateway did not answer: its event loop is blocked');
  }
}
