/** Reads a figure, or remembers it; see {@link Estimates}. */
export type Estimate<T = number> = (key: string, read: () => T) => T;

/** How long a figure is remembered, in milliseconds. */
const freshMs = 60_000;

interface Known<T> {
  readonly value: T;
  readonly readMs: number;
}

/**
 * Figures by which a search decides how to go about, and which change slowly, such as how many rows have a word. To
 * count them takes as long as a good part of the search; a minute old they do as well: at worst a search
 * takes longer, or looks less closely, for that long.
 */
export class Estimates<T = number> {
  readonly #most: number;
  readonly #known = new Map<string, Known<T>>();

  /** @param most how many are remembered: of numbers, each takes some hundred bytes */
  constructor(most = 10_000) {
    this.#most = most;
  }

  /** @param nowMs Unix milliseconds */
  at(nowMs: number): Estimate<T> {
    return (key, read) => {
      const known = this.#known.get(key);
      if (known !== undefined && Math.abs(nowMs - known.readMs) < freshMs) return known.value;
      const value = read();
      if (this.#known.size >= this.#most) this.#known.clear();
      this.#known.set(key, { value, readMs: nowMs });
      return value;
    };
  }
}
