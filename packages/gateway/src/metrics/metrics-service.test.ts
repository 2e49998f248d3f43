import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metrics } from '@mini-claude-bot/contract';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { HarnessArchive } from '../harness/harness-archive.ts';
import { TestClock } from '../host/test-clock.ts';
import { MetricsService } from './metrics-service.ts';
import { canaryMetrics } from './push/test-canary.ts';
import { MetricsThread } from './thread/metrics-thread.ts';
import { UsageIndex } from './usage/usage-index.ts';
import { UsageRepo } from './usage/usage-repo.ts';

const { system: figures, harness } = canaryMetrics();

let home: string;
let database: Database;
let clock: TestClock;
let looks: number;
let service: MetricsService;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-metrics-'));
  database = openDatabase(join(home, 'gateway.db'));
  clock = new TestClock(Date.UTC(2026, 10, 27, 12));
  looks = 0;
  const logger = pino({ level: 'silent' });
  const thread = new MetricsThread(clock);
  const directory = join(home, 'projects');
  service = new MetricsService({
    database,
    thread,
    usage: new UsageIndex({
      repo: new UsageRepo(database),
      ...{ database: database.name, thread, directory, logger },
    }),
    system: {
      collect: async () => {
        looks += 1;
        return figures;
      },
    },
    harness: {
      jobs: async () => ({ running: harness.running_jobs, completed: harness.completed_jobs }),
    },
    archive: new HarnessArchive(join(home, 'archives'), clock.now),
    clock,
    logger,
    timeZone: 'UTC',
    pricesFile: join(home, 'prices.json'),
    cacheFile: join(home, 'kept', 'metrics.json'),
  });
});
afterEach(async () => {
  await service.close();
  database.close();
  rmSync(home, { recursive: true, force: true });
});

/** A transcript with so many prompts. */
function writePrompts(count: number): void {
  mkdirSync(join(home, 'projects', 'p'), { recursive: true });
  const line = (n: number) =>
    `${JSON.stringify({
      type: 'user',
      uuid: `u${n}`,
      sessionId: 's',
      timestamp: '2026-11-27T11:00:00.000Z',
      message: { content: 'hello' },
    })}\n`;
  const lines = Array.from({ length: count }, (_, n) => line(n));
  writeFileSync(join(home, 'projects', 'p', 's.jsonl'), lines.join(''));
}

test('all parts are there, as the contract has them', async () => {
  writePrompts(3);
  mkdirSync(join(home, 'archives'));
  const archived = canaryMetrics().harness.archived_projects;
  writeFileSync(join(home, 'archives', 'index.json'), JSON.stringify(archived));
  database
    .prepare(`INSERT INTO cron_jobs (name, cron_expression, command, last_result, created_at, updated_at)
      VALUES ('one', '* * * * *', 'ls', ?, 'x', 'x')`)
    .run('界'.repeat(300));
  database
    .prepare(`INSERT INTO memory (key, content, category, created_at, updated_at)
      VALUES ('k', 'c', 'general', '2026-01-01', '2026-01-01'), ('l', 'd', 'work', '2026-02-01', '2026-02-01')`)
    .run();
  const metrics = await service.refresh();
  expect(Metrics.parse(metrics)).toEqual(metrics);
  expect(metrics).toMatchObject({
    timestamp: '2026-11-27T12:00:00.000Z',
    cron_jobs: [{ name: 'one', enabled: true, last_result_preview: '界'.repeat(200) }],
    memory: {
      count: 2,
      categories: { general: 1, work: 1 },
      oldest: '2026-01-01',
      newest: '2026-02-01',
    },
    chat: { session_count: 0, message_count: 0, oldest_message: null, newest_message: null },
    claude_usage: { total_messages: 3, transcripts: { files: 1, broken_lines: 0, unreadable: 0 } },
    system: figures,
    harness: { archived_count: 1, archived_projects: archived, running_jobs: harness.running_jobs },
  });
});

describe('what is asked for', () => {
  test('is taken from a moment ago, or collected anew', async () => {
    const first = await service.current();
    clock.advance(29_999);
    expect(await service.current()).toBe(first);
    clock.advance(1);
    expect(await service.current()).not.toBe(first);
    expect(looks).toBe(2);
  });

  test('by several at once is collected once', async () => {
    const [one, other] = await Promise.all([service.refresh(), service.current()]);
    expect(one).toBe(other);
    expect(looks).toBe(1);
  });
});

test('where usage can not be written, all else is told, and the rest of it the next time', async () => {
  writePrompts(1_000);
  database.pragma('query_only = ON');
  expect((await service.refresh()).claude_usage.total_messages).toBe(0);
  database.pragma('query_only = OFF');
  expect((await service.refresh()).claude_usage.total_messages).toBe(1_000);
});

test('where the file can not be written, the metrics are told all the same', async () => {
  writeFileSync(join(home, 'kept'), 'a file in place of the directory');
  expect(await service.refresh()).toMatchObject({ system: figures });
  rmSync(join(home, 'kept'));
  await service.refresh();
  expect(JSON.parse(readFileSync(join(home, 'kept', 'metrics.json'), 'utf8'))).toMatchObject({
    system: figures,
  });
});

test('usage is read from time to time, though nobody asks', async () => {
  const seen = database.prepare<[], number>('SELECT count(*) FROM usage_seen').pluck();
  service.start();
  writePrompts(10);
  clock.advance(15 * 60_000);
  await vi.waitFor(() => expect(seen.get()).toBe(10), { timeout: 20_000 });
  writePrompts(20);
  // The next time is set once the last is over.
  await vi.waitFor(
    () => {
      clock.advance(15 * 60_000);
      expect(seen.get()).toBe(20);
    },
    { timeout: 20_000 },
  );
  await service.close();
  expect(clock.pending).toBe(0);
});

test('once it is closed, nothing is read or written', async () => {
  writePrompts(10);
  const refresh = service.refresh();
  const rejected = expect(refresh).rejects.toThrow();
  await service.close();
  await rejected;
  await expect(service.refresh()).rejects.toThrow('closed');
  expect(database.prepare('SELECT count(*) AS n FROM usage_seen').get()).toEqual({ n: 0 });
});
