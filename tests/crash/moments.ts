import type { Phase } from './workload.ts';

/** Tells how far messages have come, for whoever waits for a message to come so far. */
export class Moments {
  readonly #reached = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  note(message: string, phase: Phase): void {
    const moment = `${phase} ${message}`;
    this.#reached.add(moment);
    for (const wake of this.#waiting.get(moment) ?? []) wake();
    this.#waiting.delete(moment);
  }

  /** Resolves when it comes to that, or has already. It may never. */
  when(message: string, phase: Phase): Promise<void> {
    const moment = `${phase} ${message}`;
    if (this.#reached.has(moment)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.set(moment, [...(this.#waiting.get(moment) ?? []), resolve]);
    });
  }
}
