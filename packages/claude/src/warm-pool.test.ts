import { describe, expect, test } from 'vitest';
import { type PooledSession, WarmPool } from './warm-pool.ts';

/** A session that only says what was done to it. */
class StubSession implements PooledSession {
  readonly pid: number;
  usable = true;
  busy = false;
  closed = 0;
  die: () => void = () => {};
  readonly ended: Promise<void>;
  /** Held back until called, where a test wants closing to take time. */
  letClose: () => void = () => {};
  readonly #mayClose: Promise<void>;

  constructor(pid: number, slow = false) {
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      this.die = () => {
        this.usable = false;
        resolve();
      };
    });
    this.#mayClose = new Promise((resolve) => {
      this.letClose = resolve;
    });
    if (!slow) this.letClose();
  }

  async close(): Promise<void> {
    this.closed += 1;
    await this.#mayClose;
    this.die();
  }
}

function setUp(size: number) {
  let now = 0;
  const pool = new WarmPool<StubSession>(size, () => now);
  const started: StubSession[] = [];
  const alive = () => started.filter(({ usable }) => usable).map(({ pid }) => pid);
  const start = async () => {
    const session = new StubSession(started.length + 1);
    started.push(session);
    return session;
  };
  return {
    pool,
    started,
    alive,
    start,
    acquire: (key: string, fitness = 'fit') => pool.acquire(key, fitness, start),
    /** One whole turn at that time. */
    turn: async (key: string, atMs: number) => {
      now = atMs;
      const session = await pool.acquire(key, 'fit', start);
      pool.release(key);
      return session;
    },
  };
}

/** A start that ends when the test says so. */
function heldBack<T>(value: T) {
  let go: () => void = () => {};
  let begun: () => void = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const mayGo = new Promise<void>((resolve) => {
    go = resolve;
  });
  const start = async () => {
    begun();
    await mayGo;
    return value;
  };
  return { start, go, hasBegun };
}

describe('acquiring', () => {
  test('starts once, and gives the same session again', async () => {
    const { turn, started } = setUp(2);
    const first = await turn('a', 1);
    expect(await turn('a', 2)).toBe(first);
    expect(started).toHaveLength(1);
  });

  test('replaces a session that was started for something else, once it is closed', async () => {
    const { acquire, pool, started } = setUp(2);
    const first = await acquire('a', 'one');
    pool.release('a');
    const second = await acquire('a', 'two');
    expect(second).not.toBe(first);
    expect(first.closed).toBe(1);
    expect(started).toHaveLength(2);
  });

  test('replaces a session that can serve no more', async () => {
    const { acquire, pool } = setUp(2);
    const first = await acquire('a');
    pool.release('a');
    first.usable = false;
    expect(await acquire('a')).not.toBe(first);
    expect(first.closed).toBe(1);
  });

  test('that fails leaves nothing, and the next one works', async () => {
    const { acquire, pool } = setUp(2);
    const fail = () => Promise.reject(new Error('no Claude'));
    await expect(pool.acquire('a', 'fit', fail)).rejects.toThrow('no Claude');
    expect(pool.entries()).toEqual([]);
    expect(await acquire('a')).toMatchObject({ pid: 1 });
  });

  test('twice at once starts one process', async () => {
    const { acquire, started } = setUp(2);
    const [one, two] = await Promise.all([acquire('a'), acquire('a')]);
    expect(one).toBe(two);
    expect(started).toHaveLength(1);
  });

  test('one key does not wait for another that starts', async () => {
    const { acquire, pool } = setUp(2);
    const slow = heldBack(new StubSession(9));
    const waiting = pool.acquire('slow', 'fit', slow.start);
    expect(await acquire('quick')).toMatchObject({ pid: 1 });
    slow.go();
    expect(await waiting).toMatchObject({ pid: 9 });
  });
});

describe('over its size the pool', () => {
  test('closes the one that was idle longest', async () => {
    const { turn, pool, alive } = setUp(2);
    await turn('a', 1);
    await turn('b', 2);
    await turn('a', 3);
    await turn('c', 4);
    expect(
      pool
        .entries()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['a', 'c']);
    expect(alive()).toEqual([1, 3]);
  });

  test('never closes one that is in use, and makes up for it later', async () => {
    const { acquire, pool, alive } = setUp(1);
    await acquire('a');
    await acquire('b');
    expect(alive()).toEqual([1, 2]);
    pool.release('b');
    await pool.close('nobody');
    expect(alive()).toEqual([1]);
    expect(pool.entries()).toMatchObject([{ key: 'a', busy: true }]);
  });

  test('never closes one that somebody just asked for', async () => {
    const { acquire, turn, pool } = setUp(1);
    const first = await turn('a', 1);
    let finish: (session: StubSession) => void = () => {};
    const starting = new Promise<StubSession>((resolve) => {
      finish = resolve;
    });
    const other = pool.acquire('b', 'fit', () => starting);
    await pool.close('nobody');
    // The new one makes the pool too large before the request for the old one has its turn.
    finish(new StubSession(2));
    const wanted = acquire('a');
    await other;
    expect(await wanted).toBe(first);
    expect(first.usable).toBe(true);
  });

  test('of none keeps no idle session', async () => {
    const { turn, pool, started } = setUp(0);
    await turn('a', 1);
    await pool.close('a');
    expect(started[0]?.closed).toBe(1);
    expect(pool.size).toBe(0);
  });
});

describe('closing', () => {
  test('one that was idle spares the one that was used since it was looked at', async () => {
    const { acquire, turn, pool, alive } = setUp(2);
    await turn('a', 1);
    await turn('b', 1);
    await acquire('a');
    // Asked to close in the same moment in which somebody asks for it, and while it serves.
    const wanted = acquire('b');
    expect(await pool.closeIdle('b', 1)).toBe(false);
    await wanted;
    expect(await pool.closeIdle('a', 1)).toBe(false);
    pool.release('a');
    await turn('a', 2);
    expect(await pool.closeIdle('a', 1)).toBe(false);
    expect(alive()).toEqual([1, 2]);
    expect(await pool.closeIdle('a', 2)).toBe(true);
    expect(alive()).toEqual([2]);
    expect(await pool.closeIdle('nobody', 0)).toBe(false);
  });

  test('while the session starts closes that session', async () => {
    const { pool } = setUp(2);
    const session = new StubSession(1);
    const slow = heldBack(session);
    const acquired = pool.acquire('a', 'fit', slow.start);
    await slow.hasBegun;
    const closed = pool.close('a');
    slow.go();
    expect(await acquired).toBe(session);
    await closed;
    expect(session.usable).toBe(false);
    expect(pool.entries()).toEqual([]);
  });

  test('is over before the same key starts again', async () => {
    const { acquire, pool, started } = setUp(2);
    const slow = new StubSession(9, true);
    await pool.acquire('a', 'fit', async () => slow);
    pool.release('a');
    const closed = pool.close('a');
    const next = acquire('a');
    await pool.close('another key');
    expect(started).toEqual([]);
    slow.letClose();
    await closed;
    expect(await next).toMatchObject({ pid: 1 });
    expect(slow.usable).toBe(false);
  });

  test('a key that has none does nothing', async () => {
    const { pool } = setUp(2);
    await pool.close('a');
    expect(pool.size).toBe(0);
  });

  test('all ends those being started, too, and nothing starts afterwards', async () => {
    const { acquire, pool, alive } = setUp(5);
    await acquire('in use');
    const late = new StubSession(9);
    const slow = heldBack(late);
    const starting = pool.acquire('starting', 'fit', slow.start);
    await slow.hasBegun;
    const queued = acquire('starting', 'other');
    const all = pool.closeAll();
    slow.go();
    await starting;
    await expect(queued).rejects.toMatchObject({ reason: 'claude_start_failed' });
    await all;
    await expect(acquire('new')).rejects.toMatchObject({ reason: 'claude_start_failed' });
    expect(alive()).toEqual([]);
    expect(late.usable).toBe(false);
    expect(pool.entries()).toEqual([]);
  });
});

describe('a session that dies', () => {
  test('while idle is not kept', async () => {
    const { turn, pool, started } = setUp(2);
    await turn('a', 1);
    started[0]?.die();
    await pool.close('another key');
    expect(pool.entries()).toEqual([]);
    expect(started[0]?.closed).toBe(1);
  });

  test('in use is closed when it is given back', async () => {
    const { acquire, pool, started } = setUp(2);
    await acquire('a');
    started[0]?.die();
    await pool.close('another key');
    expect(pool.entries()).toMatchObject([{ key: 'a', busy: true }]);
    pool.release('a');
    await pool.close('a');
    expect(started[0]?.closed).toBe(1);
    expect(pool.entries()).toEqual([]);
  });
});
