import type { Clock } from '../host/clock.ts';
import { type AbortKind, TurnAbort } from './turn-abort.ts';

/** Milliseconds; undefined: no limit. */
export interface TurnLimits {
  readonly totalMs: number | undefined;
  readonly noProgressMs: number;
}

/** Aborts its signal when a turn takes too long, or gets no further. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #limits: TurnLimits;
  readonly #cancelTotal: (() => void) | undefined;
  #cancelProgress: () => void;
  #lastProgressMs: number;

  constructor(limits: TurnLimits, clock: Clock) {
    this.#clock = clock;
    this.#limits = limits;
    this.#lastProgressMs = clock.now();
    this.#cancelProgress = clock.after(limits.noProgressMs, () => this.#checkProgress());
    const { totalMs } = limits;
    this.#cancelTotal =
      totalMs === undefined ? undefined : clock.after(totalMs, () => this.#abort('turn_timeout'));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The turn got on. Called for every frame, so it only notes the time. */
  progress(): void {
    this.#lastProgressMs = this.#clock.now();
  }

  stop(): void {
    this.#cancelProgress();
    this.#cancelTotal?.();
  }

  #checkProgress(): void {
    const restMs = this.#lastProgressMs + this.#limits.noProgressMs - this.#clock.now();
    if (restMs <= 0) this.#abort('no_progress');
    else this.#cancelProgress = this.#clock.after(restMs, () => this.#checkProgress());
  }

  #abort(kind: AbortKind): void {
    this.#controller.abort(new TurnAbort(kind));
  }
}
