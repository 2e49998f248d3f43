import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/open-database.ts';
import { TestClock } from '../../host/test-clock.ts';
import type { SearchRequest } from './search-request.ts';
import { SearchThread } from './search-thread.ts';

let directory: string;
let clock: TestClock;
let thread: SearchThread;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-search-'));
  clock = new TestClock();
  thread = new SearchThread(join(directory, 'gateway.db'), clock);
});
afterEach(async () => {
  await thread.close();
  rmSync(directory, { recursive: true, force: true });
});

const request: SearchRequest = {
  scope: { kind: 'chat' },
  query: 'anything',
  mode: 'text',
  limit: 10,
  explain: false,
  nowMs: 0,
};
const nothing = { hits: [], mode: 'text', waiting: [] };

test('it is ended when it was idle, and the next search has another', async () => {
  const database = openDatabase(join(directory, 'gateway.db'));
  try {
    expect(clock.pending).toBe(0);
    expect(await Promise.all([thread.search(request), thread.search(request)])).toEqual([
      nothing,
      nothing,
    ]);
    expect(clock.pending).toBe(1);
    clock.advance(60_000);
    expect(await thread.search(request)).toEqual(nothing);
    expect(await thread.counts('chat', undefined, 0)).toMatchObject({ rows: 0 });
    await thread.close();
    expect(clock.pending).toBe(0);
    await expect(thread.search(request)).rejects.toThrow('ended');
  } finally {
    database.close();
  }
});

test('where it can’t open the database, each search fails, and it is tried again', async () => {
  await expect(thread.search(request)).rejects.toThrow('unable to open');
  const database = openDatabase(join(directory, 'gateway.db'));
  try {
    expect(await thread.search(request)).toEqual(nothing);
  } finally {
    database.close();
  }
});

test('a fault of one search is that of this one alone', async () => {
  const database = openDatabase(join(directory, 'gateway.db'));
  try {
    const faulty = thread.search({ ...request, scope: { kind: 'other' as 'chat' } });
    const well = thread.search(request);
    await expect(faulty).rejects.toThrow();
    expect(await well).toEqual(nothing);
  } finally {
    database.close();
  }
});
