import { ClaudeError } from './failure.ts';
import type { LiveSession } from './live-session.ts';
import { OneAfterAnother } from './one-after-another.ts';

/** A session that lives, as others may see it. */
export interface WarmEntry {
  readonly key: string;
  readonly pid: number | undefined;
  readonly busy: boolean;
  /** When it was started, in Unix milliseconds. */
  readonly startedMs: number;
  /** When it last served, in Unix milliseconds. */
  readonly lastUsedMs: number;
}

/**
 * Why a session was closed. idle: nobody used it for long. surplus: there were more than are kept. memory: they held
 * too much, or the machine had too little left. stopped: its chat or its turn was ended. replaced: it was in a directory that is
 * another one now. died: it ended by itself. shutdown: all of them are.
 */
export type WarmEnd = 'idle' | 'surplus' | 'memory' | 'stopped' | 'replaced' | 'died' | 'shutdown';

/** Hears what becomes of sessions. Must not throw. */
export interface WarmObserver {
  readonly onStarted: (key: string) => void;
  readonly onClosed: (entry: WarmEntry, why: WarmEnd) => void;
}

/** What the pool needs of a session; {@link LiveSession} has it. */
export type PooledSession = Pick<LiveSession, 'pid' | 'usable' | 'busy' | 'ended' | 'close'>;

interface Kept<S> {
  readonly session: S;
  readonly fitness: string;
  readonly startedMs: number;
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
  readonly #observer: WarmObserver | undefined;
  readonly #kept = new Map<string, Kept<S>>();
  readonly #tasks = new OneAfterAnother();
  #closed = false;

  /** @param now Unix milliseconds */
  constructor(size: number, now: () => number, observer?: WarmObserver) {
    this.#size = size;
    this.#now = now;
    this.#observer = observer;
  }

  get size(): number {
    return this.#kept.size;
  }

  entries(): WarmEntry[] {
    return [...this.#kept].map(([key, kept]) => entryOf(key, kept));
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
      await this.#drop(key, kept, kept?.session.usable ? 'replaced' : 'died');
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
    if (!kept.session.usable) this.#dropSoon(key, kept, 'died');
    this.#closeSurplus();
  }

  /** End a key's session and its processes. None: nothing to do. */
  close(key: string, why: WarmEnd = 'stopped'): Promise<void> {
    return this.#tasks.run(key, () => this.#drop(key, this.#kept.get(key), why));
  }

  /**
   * End a key's session, unless somebody uses it or has used it since: what is known of a session may
   * be old by the time that it is to be closed.
   * @param lastUsedMs as {@link entries} told it
   * @returns whether it was ended
   */
  closeIdle(key: string, lastUsedMs: number, why: WarmEnd = 'idle'): Promise<boolean> {
    return this.#tasks.run(key, async () => {
      const kept = this.#kept.get(key);
      if (kept === undefined || kept.leased || kept.session.busy) return false;
      if (kept.lastUsedMs !== lastUsedMs) return false;
      await this.#drop(key, kept, why);
      return true;
    });
  }

  /** End all sessions, those that are being started too. No more can be acquired. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    const keys = new Set([...this.#kept.keys(), ...this.#tasks.keys]);
    await Promise.all([...keys].map((key) => this.close(key, 'shutdown')));
  }

  #lease(kept: Kept<S>): S {
    kept.lastUsedMs = this.#now();
    kept.leased = true;
    return kept.session;
  }

  #keep(key: string, session: S, fitness: string): void {
    const startedMs = this.#now();
    const kept = { session, fitness, startedMs, lastUsedMs: startedMs, leased: true };
    this.#kept.set(key, kept);
    this.#observer?.onStarted(key);
    // One that dies while nobody uses it is not kept, and what it left behind is ended.
    void session.ended.then(() => {
      if (this.#kept.get(key) === kept && !kept.leased) this.#dropSoon(key, kept, 'died');
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
      this.#dropSoon(key, this.#kept.get(key), 'surplus');
    }
  }

  #dropSoon(key: string, kept: Kept<S> | undefined, why: WarmEnd): void {
    // It is no longer kept from now on; whoever wants the key next waits until its process is gone.
    this.#forget(key, kept, why);
    this.#tasks.run(key, () => this.#drop(key, kept, why)).catch(() => {});
  }

  async #drop(key: string, kept: Kept<S> | undefined, why: WarmEnd): Promise<void> {
    if (kept === undefined) return;
    this.#forget(key, kept, why);
    await kept.session.close();
  }

  #forget(key: string, kept: Kept<S> | undefined, why: WarmEnd): void {
    if (kept === undefined || this.#kept.get(key) !== kept) return;
    this.#kept.delete(key);
    this.#observer?.onClosed(entryOf(key, kept), why);
  }
}

const entryOf = <S extends PooledSession>(
  key: string,
  { session, startedMs, lastUsedMs, leased }: Kept<S>,
): WarmEntry => ({
  key,
  startedMs,
  lastUsedMs,
  pid: session.pid,
  busy: leased || session.busy,
});
