import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthFinding } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { HealthWatch, lookEveryMs } from './health-watch.ts';
import { LoopLag } from './loop-lag.ts';
import { probeDatabase } from './probe-database.ts';
import { probeDisk } from './probe-disk.ts';
import { probeStandstill } from './probe-standstill.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-health-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const logger = pino({ level: 'silent' });
const trouble: HealthFinding = {
  id: 'x',
  found: 'It is broken.',
  fix: 'Mend it.',
  restart_helps: true,
};

describe('the watch', () => {
  test('tells what was found often enough in a row, and that it is over', async () => {
    let found: HealthFinding | undefined = trouble;
    const watch = new HealthWatch([{ probe: () => found, patience: 2 }], new TestClock(), logger);
    await watch.look();
    expect(watch.findings).toEqual([]);
    await watch.look();
    expect(watch.findings).toEqual([trouble]);
    found = undefined;
    await watch.look();
    expect(watch.findings).toEqual([]);
    found = trouble;
    await watch.look();
    expect(watch.findings).toEqual([]);
  });

  test('looks by itself, goes on after a probe that fails, and ends', async () => {
    const clock = new TestClock();
    let looks = 0;
    const broken = () => {
      looks += 1;
      throw new Error('no');
    };
    const probes = [
      { probe: broken, patience: 1 },
      { probe: () => trouble, patience: 1 },
    ];
    const watch = new HealthWatch(probes, clock, logger);
    watch.start();
    for (let n = 1; n <= 3; n += 1) {
      clock.advance(lookEveryMs);
      await new Promise((resolve) => setImmediate(resolve));
      expect(looks).toBe(n);
    }
    expect(watch.findings).toEqual([trouble]);
    watch.close();
    clock.advance(10 * lookEveryMs);
    expect(looks).toBe(3);
  });
});

describe('the database', () => {
  const open = () => openDatabase(join(directory, 'gateway.db'));

  test('that can be written is well', () => {
    const database = open();
    expect(probeDatabase(database, () => 5)()).toBeUndefined();
    expect(database.prepare('SELECT at_ms FROM pulse').pluck().get()).toBe(5);
    expect(database.pragma('busy_timeout', { simple: true })).toBe(5000);
    database.close();
  });

  test('that another program writes is busy', () => {
    const database = open();
    const other = new Sqlite(join(directory, 'gateway.db'));
    other.exec('BEGIN IMMEDIATE');
    const probe = probeDatabase(database, () => 5);
    expect(probe()).toMatchObject({ id: 'database_busy' });
    other.exec('COMMIT');
    expect(probe()).toBeUndefined();
    other.close();
    database.close();
  });

  test('that takes nothing more is unwritable, also while it can be read', () => {
    const database = open();
    const probe = probeDatabase(database, () => 5);
    database.pragma('query_only = ON');
    expect(probe()).toMatchObject({ id: 'database_unwritable', restart_helps: false });
    database.pragma('query_only = OFF');
    expect(probe()).toBeUndefined();
    database.close();
  });
});

test('a disk is full where less is left than should be', async () => {
  expect(await probeDisk('it is', directory, 0)()).toBeUndefined();
  const all = await probeDisk('it is', directory, Number.MAX_SAFE_INTEGER)();
  // On a disk that is nearly empty a twentieth is left, whatever is asked for.
  if (all !== undefined) expect(all.id).toBe('disk_full');
  await expect(probeDisk('it is', join(directory, 'gone'), 1)()).rejects.toThrow('ENOENT');
});

test('a thread is slow when its timers are late, on average', async () => {
  const clock = new TestClock();
  let lateMs = 0;
  let turns = 0;
  // Each timer is asked for, and rings, in turn: what rings comes so much later.
  const lag = new LoopLag(clock, () => clock.now() + (turns++ % 2 === 1 ? lateMs : 0));
  const found = async (late: number) => {
    lateMs = late;
    turns = 0;
    lag.start();
    for (let n = 0; n < 5; n += 1) clock.advance(1000);
    lag.close();
    return lag.probe();
  };
  expect(await found(0)).toBeUndefined();
  expect(await found(100)).toBeUndefined();
  expect(await found(900)).toMatchObject({ id: 'event_loop_slow' });
  expect(lag.probe()).toBeUndefined();
});

test('what should have worked and did not stands still', () => {
  const looker = (idle: number | undefined) =>
    probeStandstill({
      id: 'cron',
      what: 'Jobs were not looked at',
      idleMs: () => idle,
      mostMs: 1000,
    })();
  expect(looker(undefined)).toBeUndefined();
  expect(looker(1000)).toBeUndefined();
  expect(looker(61_000)).toEqual({
    id: 'cron_stands_still',
    found: 'Jobs were not looked at for 61 s.',
    fix: expect.any(String),
    restart_helps: true,
  });
});
