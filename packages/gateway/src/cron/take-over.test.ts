import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../db/open-database.ts';
import { makeOldSystemFile } from '../db/test-old-system.ts';
import { JobsRepo } from './jobs-repo.ts';
import { RunsRepo } from './runs-repo.ts';
import { takeOverJobs } from './take-over.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'take-over-'));
  file = join(directory, 'gateway.db');
  makeOldSystemFile(file);
  const old = new Sqlite(file);
  const insert =
    old.prepare(`INSERT INTO cron_jobs (id, name, cron_expression, command, job_type, enabled,
    timezone, created_at, updated_at, bot_id) VALUES (?, 'n', ?, 'true', 'shell', 1, NULL, 'then', 'then', 'hero')`);
  for (const [id, expression] of [
    [8, '0 9 * * 0-4'],
    [9, '0 9 1-7 * 0'],
    [10, 'nonsense'],
  ]) {
    insert.run(id, expression);
  }
  old.close();
});
afterEach(() => rmSync(directory, { recursive: true }));

test('jobs of the old system keep their days, once, and say so', () => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  for (const time of ['first', 'second'] as const) {
    const database = openDatabase(file);
    const jobs = new JobsRepo(database);
    takeOverJobs(database, jobs, logger);
    const [bad, first, week, backup] = jobs.list('hero' as never);
    expect(backup).toMatchObject({ cron_expression: '0 3 * * *', note: null, enabled: 1 });
    expect(week).toMatchObject({ cron_expression: '0 9 * * MON-FRI', disable_after: 0 });
    expect(week?.note).toContain('"0 9 * * 0-4"');
    expect(first?.cron_expression).toBe('0 9 1-7 * +MON');
    expect(bad?.cron_expression).toBe('nonsense');
    // Whoever opens it a second time finds nothing to convert: Monday does not move again.
    expect(lines, time).toHaveLength(2);
    expect(new RunsRepo(database).list(7 as never, undefined, 9)).toMatchObject([
      { state: 'succeeded', success: 1, result: 'ok', scheduled_at_ms: null },
    ]);
    database.close();
  }
});
