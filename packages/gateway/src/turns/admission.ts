import type { WarmEntry } from '@mini-claude-bot/claude';
import { GatewayError } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import { wait } from '../host/wait.ts';
import { decideAdmission } from './decide-admission.ts';

const megabyte = 1024 * 1024;
const lookAgainMs = 500;

/** What admission goes by. */
export interface AdmissionParts {
  readonly claude: Pick<ClaudeRuntime, 'warm' | 'closeIdle'>;
  /** Bytes that are free. */
  readonly freeMemory: () => Promise<number>;
  readonly clock: Clock;
  /** Bytes that must be free for a turn to start. */
  readonly floor: number;
  /** How long a turn waits for memory, in milliseconds. */
  readonly maxWaitMs: number;
}

/** Lets a turn run only while the machine has memory for it. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the turn may run.
   * @param key the turn's own session: it is not closed to make room for itself
   * @throws GatewayError `memory_low` with the figures; the signal's reason when that is aborted
   */
  async admit(key: string, signal: AbortSignal): Promise<void> {
    const { clock, floor, maxWaitMs, claude } = this.#parts;
    const since = clock.now();
    for (;;) {
      signal.throwIfAborted();
      const free = await this.#parts.freeMemory();
      const waited = clock.now() - since;
      const idle = this.#idle(key);
      const step = decideAdmission({ free, floor, idle, waited, maxWait: maxWaitMs });
      if (step.kind === 'run') return;
      if (step.kind === 'refuse') throw tooLittle(free, floor, waited);
      if (step.kind === 'close')
        await claude.closeIdle(step.entry.key, step.entry.lastUsedMs, 'memory');
      else await wait(lookAgainMs, clock, signal);
    }
  }

  #idle(own: string): WarmEntry[] {
    return this.#parts.claude
      .warm()
      .filter(({ key, busy }) => !busy && key !== own)
      .sort((a, b) => a.lastUsedMs - b.lastUsedMs);
  }
}

function tooLittle(free: number, floor: number, waitedMs: number): GatewayError {
  const figure = (bytes: number): string => `${Math.floor(bytes / megabyte)} MB`;
  return new GatewayError(
    'memory_low',
    `The machine has too little free memory to run Claude: ${figure(free)} are free, ${figure(floor)} are ` +
      `needed (GATEWAY_MIN_FREE_MB), also after waiting ${Math.round(waitedMs / 1000)} s. Please try again later.`,
  );
}
