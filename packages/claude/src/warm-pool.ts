import { ClaudeError } from './failure.ts';
import type { LiveSession } from './live-session.ts';
import { OneAfterAnother } from './one-after-another.ts';

/** A session that lives, as others may see it. */
export interface WarmEntry {
  readonly key: string;
  readonly pid: number | undefined;
  readonly busy: boolean;
  /** When it last served, in Unix milliseconds. */
  readonly lastUsedMs: number;
}

/** What the pool needs of a session; {@link LiveSession} has it. */
export type PooledSession = Pick<LiveSession, 'pid' | 'usable' | 'busy' | 'ended' | 'close'>;

interface Kept<S> {
  readonly session: S;
  readonly fitness: string;
  lastUsedMs: number;
  /** Between `acquire` and `release`: somebody counts on it. */
  leased: boolean;
}

/**
 * Sessions kept alive between turns, by key, never more idle ones than `size`: over that, those idle
 * longest are closed first. What is done to one key is done in order, so that a key never has two
 * processes, and closing it while its session starts closes that session.
 */
export class WarmPool<S extends PooledSession = LiveSession> {
  readonly #size: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept<S>>();
  readonly #tasks = new OneAfterAnother();
  #closed = false;

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
      busy: leased || session.busy,
    }));
  }

  has(key: string): boolean {
    return this.#kept.get(key)?.session.usable === true;
  }

  /**
   * The live session of a key, or a new one.
   * @param fitness what a kept session must have been started for; another one is closed and replaced
   * @param start called where there is none that fits
   * @throws what `start` throws; ClaudeError `claude_start_failed` once the pool is closed
   */
  acquire(key: string, fitness: string, start: () => Promise<S>): Promise<S> {
    return this.#tasks.run(key, async () => {
      const kept = this.#kept.get(key);
      if (kept?.session.usable && kept.fitness === fitness) return this.#lease(kept);
      await this.#drop(key, kept);
      this.#refuseWhenClosed();
      const session = await start();
      this.#keep(key, session, fitness);
      return session;
    });
  }

  /** A turn of that key has ended. A session that can't serve another is closed. */
  release(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    kept.lastUsedMs = this.#now();
    kept.leased = false;
    if (!kept.session.usable) this.#dropSoon(key, kept);
    this.#closeSurplus();
  }

  /** End a key's session and its processes. None: nothing to do. */
  close(key: string): Promise<void> {
    return this.#tasks.run(key, () => this.#drop(key, this.#kept.get(key)));
  }

  /**
   * End a key's session, unless somebody uses it or has used it since: what is known of a session may
   * be old by the time that it is to be closed.
   * @param lastUsedMs as {@link entries} told it
   * @returns whether it was ended
   */
  closeIdle(key: string, lastUsedMs: number): Promise<boolean> {
    return this.#tasks.run(key, async () => {
      const kept = this.#kept.get(key);
      if (kept === undefined || kept.leased || kept.session.busy) return false;
      if (kept.lastUsedMs !== lastUsedMs) return false;
      await this.#drop(key, kept);
      return true;
    });
  }

  /** End all sessions, those that are being started too. No more can be acquired. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    const keys = new Set([...this.#kept.keys(), ...this.#tasks.keys]);
    await Promise.all([...keys].map((key) => this.close(key)));
  }

  #lease(kept: Kept<S>): S {
    kept.lastUsedMs = this.#now();
    kept.leased = true;
    return kept.session;
  }

  #keep(key: string, session: S, fitness: string): void {
    const kept = { session, fitness, lastUsedMs: this.#now(), leased: true };
    this.#kept.set(key, kept);
    // One that dies while nobody uses it is not kept, and what it left behind is ended.
    void session.ended.then(() => {
      if (this.#kept.get(key) === kept && !kept.leased) this.#dropSoon(key, kept);
    });
    this.#closeSurplus();
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new ClaudeError('claude_start_failed', 'The gateway is being stopped.');
  }

  #closeSurplus(): void {
    // One with a task waiting is wanted, or on its way out already.
    const idle = this.entries().filter(({ key, busy }) => !busy && !this.#tasks.has(key));
    idle.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    for (const { key } of idle.slice(0, Math.max(0, this.#kept.size - this.#size))) {
      this.#dropSoon(key, this.#kept.get(key));
    }
  }

  #dropSoon(key: string, kept: Kept<S> | undefined): void {
    // It is no longer kept from now on; whoever wants the key next waits until its process is gone.
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
    this.#tasks.run(key, () => this.#drop(key, kept)).catch(() => {});
  }

  async #drop(key: string, kept: Kept<S> | undefined): Promise<void> {
    if (kept === undefined) return;
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
    await kept.session.close();
  }
}
