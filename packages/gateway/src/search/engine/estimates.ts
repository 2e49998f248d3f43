/** Reads a figure, or remembers it; see {@link Estimates}. */
export type Estimate = (key: string, read: () => number) => number;

const freshMs = 10_000;
/** Some hundred bytes each. */
const most = 10_000;

interface Known {
  readonly value: number;
  readonly readMs: number;
}

/**
 * Figures by which a search decides how to go about, and which change slowly, such as how many rows have a word. To
 * count them takes as long as a good part of the search; some seconds old they do as well: at worst a search
 * takes longer, or looks less closely, for that long.
 */
export class Estimates {
  readonly #known = new Map<string, Known>();

  /** @param nowMs Unix milliseconds */
  at(nowMs: number): Estimate {
    return (key, read) => {
      const known = this.#known.get(key);
      if (known !== undefined && Math.abs(nowMs - known.readMs) < freshMs) return known.value;
      const value = read();
      if (this.#known.size >= most) this.#known.clear();
      this.#known.set(key, { value, readMs: nowMs });
      return value;
    };
  }
}
