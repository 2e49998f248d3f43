import type { Clock } from '../host/clock.ts';

interface Bucket {
  /** How much may be spent at {@link atMs}. */
  readonly left: number;
  readonly atMs: number;
}

const minuteMs = 60_000;

/**
 * So many a minute for each key (a token bucket: a full minute's worth at once, then as it comes in).
 * Keeps the newest keys only, so that those who make up ever new ones cost no more memory.
 */
export class RateLimit {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, clock: Clock, maxKeys = 10_000) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  /** Keys that are kept. */
  get size(): number {
    return this.#buckets.size;
  }

  /** How long until that key may spend one, in milliseconds; 0: now. */
  waitMs(key: string): number {
    const left = this.#left(key);
    return left >= 1 ? 0 : Math.ceil(((1 - left) * minuteMs) / this.#perMinute);
  }

  /** Spend one, if there is one left. @returns how long to wait otherwise, in milliseconds; 0: it was spent */
  take(key: string): number {
    const waitMs = this.waitMs(key);
    if (waitMs > 0) return waitMs;
    const left = this.#left(key) - 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left, atMs: this.#clock.now() });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#maxKeys && oldest !== undefined) this.#buckets.delete(oldest);
    return 0;
  }

  #left(key: string): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return this.#perMinute;
    const earned = ((this.#clock.now() - bucket.atMs) * this.#perMinute) / minuteMs;
    return Math.min(this.#perMinute, bucket.left + earned);
  }
}
