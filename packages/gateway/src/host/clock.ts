/** The present, and waiting: passed in wherever behaviour depends on time. */
export interface Clock {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Call back once after `ms`, unless cancelled by the function that comes back. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** Longest delay that Node's timers take; a longer one would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, longestDelayMs));
    return () => clearTimeout(timer);
  },
};
