/**
 * Numbers that a seed decides: the same seed, the same numbers, on every machine. The generator is
 * mulberry32 by Tommy Ettinger, in the public domain
 * (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c).
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError when there is nothing to pick from */
  pick<T>(choices: readonly T[]): T {
    const picked = choices[this.whole(0, choices.length - 1)];
    if (picked === undefined) throw new RangeError('there is nothing to pick from');
    return picked;
  }

  /** So many different ones, in an order of their own. */
  sample<T>(choices: readonly T[], count: number): T[] {
    const left = [...choices];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) {
      taken.push(...left.splice(this.whole(0, left.length - 1), 1));
    }
    return taken;
  }
}

/** The numbers of one round: they hang on the seed and the round, not on what rounds before it drew. */
export const randomOfRound = (seed: number, round: number): Random =>
  new Random((seed ^ Math.imul(round, 0x9e3779b1)) >>> 0);
