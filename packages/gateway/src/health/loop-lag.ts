import type { Clock } from '../host/clock.ts';
import type { Probe } from './health-finding.ts';

const tickMs = 1_000;
/** Later than that on average, and everything that the gateway does takes its time. */
const slowMs = 500;

/** Measures how late timers are: what they wait for is a thread that has something else to do. */
export class LoopLag {
  readonly #clock: Clock;
  /** Monotonic milliseconds. */
  readonly #monotonic: () => number;
  #lagMs = 0;
  #ticks = 0;
  #cancel = (): void => {};

  constructor(clock: Clock, monotonic: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#monotonic = monotonic;
  }

  start(): void {
    const expected = this.#monotonic() + tickMs;
    this.#cancel = this.#clock.after(tickMs, () => {
      this.#lagMs += Math.max(0, this.#monotonic() - expected);
      this.#ticks += 1;
      this.start();
    });
  }

  close(): void {
    this.#cancel();
  }

  /** Of the time since the last look. */
  readonly probe: Probe = () => {
    const mean = this.#ticks === 0 ? 0 : this.#lagMs / this.#ticks;
    this.#lagMs = 0;
    this.#ticks = 0;
    if (mean < slowMs) return undefined;
    return {
      id: 'event_loop_slow',
      found: `The gateway's own thread is ${(mean / 1000).toFixed(1)} s late, on average.`,
      fix: 'Look at what else this machine does, and at the memory that is left (GATEWAY_MAX_WARM_MB).',
      restart_helps: false,
    };
  };
}
