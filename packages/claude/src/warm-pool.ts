import type { LiveSession } from './live-session.ts';

/** A session that lives, as others may see it. */
export interface WarmEntry {
  readonly key: string;
  readonly pid: number | undefined;
  readonly busy: boolean;
  /** When it last served, in Unix milliseconds. */
  readonly lastUsedMs: number;
}

interface Kept {
  readonly session: LiveSession;
  readonly fitness: string;
  lastUsedMs: number;
  /** Between `acquire` and `release`: somebody counts on it. */
  leased: boolean;
}

/**
 * Sessions kept alive between turns, by key, never more idle ones than `size`: over that, those idle
 * longest are closed first.
 */
export class WarmPool {
  readonly #size: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #closing = new Set<Promise<void>>();

  /** @param now Unix milliseconds */
  constructor(size: number, now: () => number) {
    this.#size = size;
    this.#now = now;
  }

  get size(): number {
    return this.#kept.size;
  }

  entries(): WarmEntry[] {
    return [...this.#kept].map(([key, { session, lastUsedMs, leased }]) => ({
      key,
      lastUsedMs,
      pid: session.pid,
      busy: leased,
    }));
  }

  has(key: string): boolean {
    return this.#kept.get(key)?.session.usable === true;
  }

  /**
   * The live session of a key, or a new one.
   * @param fitness what a kept session must have been started for; another one is closed and replaced
   * @param start called where there is none that fits
   */
  async acquire(
    key: string,
    fitness: string,
    start: () => Promise<LiveSession>,
  ): Promise<LiveSession> {
    const kept = this.#kept.get(key);
    if (kept?.session.usable && kept.fitness === fitness) {
      kept.lastUsedMs = this.#now();
      kept.leased = true;
      return kept.session;
    }
    await this.close(key);
    const session = await start();
    this.#kept.set(key, { session, fitness, lastUsedMs: this.#now(), leased: true });
    this.#closeSurplus();
    return session;
  }

  /** A turn of that key has ended. A session that can't serve another is closed. */
  release(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    kept.lastUsedMs = this.#now();
    kept.leased = false;
    if (!kept.session.usable) this.#track(this.close(key));
    this.#closeSurplus();
  }

  /** End a key's session and its processes. None: nothing to do. */
  async close(key: string): Promise<void> {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    await kept.session.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((key) => this.close(key)));
    await Promise.all(this.#closing);
  }

  #closeSurplus(): void {
    const idle = this.entries().filter((entry) => !entry.busy);
    idle.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    for (const { key } of idle.slice(0, Math.max(0, this.#kept.size - this.#size))) {
      this.#track(this.close(key));
    }
  }

  #track(closing: Promise<void>): void {
    const tracked = closing.finally(() => this.#closing.delete(tracked));
    this.#closing.add(tracked);
    tracked.catch(() => {});
  }
}
