import type { WarmEnd, WarmEntry } from '@mini-claude-bot/claude';

/** A session that was closed. */
export interface Closing {
  readonly key: string;
  readonly why: WarmEnd;
  readonly atMs: number;
  readonly startedMs: number;
}

const most = 50;

/** The sessions that were closed last, and why: so that nobody wonders why a chat begins slowly. */
export class RecentClosings {
  readonly #now: () => number;
  readonly #closings: Closing[] = [];

  /** @param now Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  note({ key, startedMs }: WarmEntry, why: WarmEnd): void {
    this.#closings.unshift({ key, why, atMs: this.#now(), startedMs });
    this.#closings.length = Math.min(this.#closings.length, most);
  }

  /** Newest first. */
  list(): Closing[] {
    return [...this.#closings];
  }
}
