import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/open-database.ts';
import { TestClock } from '../../host/test-clock.ts';
import { MetricsThread } from './metrics-thread.ts';

let directory: string;
/** Path of a database that knows no transcripts. */
let database: string;
let clock: TestClock;
let thread: MetricsThread;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-thread-'));
  mkdirSync(join(directory, 'p'));
  database = join(directory, 'gateway.db');
  openDatabase(database).close();
  clock = new TestClock();
  thread = new MetricsThread(clock);
});
afterEach(async () => {
  await thread.close();
  rmSync(directory, { recursive: true, force: true });
});

const line = (id: number): string =>
  `${JSON.stringify({
    type: 'user',
    uuid: `u${id}`,
    sessionId: 's',
    timestamp: '2026-11-27T17:29:38.477Z',
    message: { content: 'x'.repeat(1000) },
  })}\n`;

/** Files of several batches each. */
function writeFiles(count: number): void {
  for (let file = 0; file < count; file += 1) {
    const lines = Array.from({ length: 2_000 }, (_, n) => line(file * 10_000 + n));
    writeFileSync(join(directory, 'p', `${file}.jsonl`), lines.join(''));
  }
}

test('batches come one after the other, and the answer after the last of them', async () => {
  writeFiles(4);
  let atWork = 0;
  let records = 0;
  const reading = await thread.read(directory, database, async (batch) => {
    expect(++atWork).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    records += batch.records.length;
    atWork -= 1;
  });
  expect(records).toBe(8_000);
  expect(reading.faults).toEqual([]);
});

test('where a batch fails the reading ends, and the next one works', async () => {
  writeFiles(4);
  let batches = 0;
  const failing = thread.read(directory, database, async () => {
    batches += 1;
    throw new Error('the disk is full');
  });
  await expect(failing).rejects.toThrow('the disk is full');
  expect(batches).toBe(1);
  let records = 0;
  await thread.read(directory, database, async (batch) => {
    records += batch.records.length;
  });
  expect(records).toBe(8_000);
});

test('what is asked at the same time is done one after the other', async () => {
  writeFiles(1);
  const options = { prices: {}, fault: null, timeZone: 'UTC' };
  const [reading, figures, again] = await Promise.all([
    thread.read(directory, database, async () => {}),
    thread.collect(database, options),
    thread.read(directory, database, async () => {}),
  ]);
  expect(figures.usage.total_requests).toBe(0);
  expect(again).toEqual(reading);
});

test('a database that can not be read is told', async () => {
  const options = { prices: {}, fault: null, timeZone: 'UTC' };
  await expect(thread.collect(join(directory, 'none.db'), options)).rejects.toThrow(/open/);
});

test('it ends when it is idle, and starts again when it is needed', async () => {
  await thread.read(directory, database, async () => {});
  expect(clock.pending).toBe(1);
  clock.advance(60_000);
  expect(clock.pending).toBe(0);
  await thread.read(directory, database, async () => {});
  expect(clock.pending).toBe(1);
});

test('its end breaks off what it does, and nothing is begun after', async () => {
  writeFiles(4);
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const reading = thread.read(directory, database, () => {
    begun();
    return new Promise(() => {});
  });
  const ended = expect(reading).rejects.toThrow('ended');
  await hasBegun;
  await thread.close();
  await ended;
  await expect(thread.read(directory, database, async () => {})).rejects.toThrow('has ended');
  expect(clock.pending).toBe(0);
});

test('it looks at the machine', async () => {
  const [one, other] = [await thread.look(directory), await thread.look(directory)];
  expect(one.memory_total_gb).toBeGreaterThan(0);
  expect(other).toMatchObject({ cpu: one.cpu, memory_total_gb: one.memory_total_gb });
});
