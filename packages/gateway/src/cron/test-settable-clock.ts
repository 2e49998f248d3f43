import type { Clock } from '../host/clock.ts';
import { TestClock } from '../host/test-clock.ts';

/** A clock that can be set, as by a person or by a machine that wakes up: timers don't notice. */
export class SettableClock implements Clock {
  readonly #clock: TestClock;
  #aheadMs = 0;

  constructor(nowMs: number) {
    this.#clock = new TestClock(nowMs);
  }

  readonly now = (): number => this.#clock.now() + this.#aheadMs;
  readonly after = (ms: number, callback: () => void) => this.#clock.after(ms, callback);

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  set(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }
}
