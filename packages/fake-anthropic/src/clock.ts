import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** One moment on both time scales, in milliseconds with fractions. */
export type Instant = {
  /** `performance.now()` of this process: for durations. */
  readonly monotonicMs: number;
  /** Unix time: for comparing with another process. */
  readonly epochMs: number;
};

/** The time a fake lives by. */
export type Clock = {
  now(): Instant;
  /** Resolve after `ms`; reject as soon as the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

/** The computer's own clock. */
export const systemClock: Clock = {
  now() {
    const monotonicMs = performance.now();
    // Date.now() has whole milliseconds only, too coarse beside a first token of 20 ms.
    return { monotonicMs, epochMs: performance.timeOrigin + monotonicMs };
  },
  async wait(ms, signal) {
    await sleep(ms, undefined, { signal });
  },
};

/** Points in time that lie a fixed number of milliseconds apart. */
export class Timeline {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #dueMs: number;

  /** The first point is now. */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#dueMs = clock.now().monotonicMs;
  }

  /**
   * Wait for the next point. Points are counted from the start, not from the last wake-up, so late timers
   * do not add up: one that comes late is followed by shorter waits.
   * @throws the abort error of the signal
   */
  async next(signal: AbortSignal): Promise<void> {
    const waitMs = this.#dueMs - this.#clock.now().monotonicMs;
    this.#dueMs += this.#intervalMs;
    if (waitMs > 0) await this.#clock.wait(waitMs, signal);
    else signal.throwIfAborted();
  }

  /**
   * Move every later point back by a pause.
   * @throws the abort error of the signal
   */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    this.#dueMs += ms;
    await this.#clock.wait(ms, signal);
  }
}
