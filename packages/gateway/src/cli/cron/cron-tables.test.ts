import { CronRun } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { runsTable } from './cron-tables.ts';

const run = (more: object) =>
  CronRun.parse({
    id: 1,
    job_id: 1,
    started_at: '2026-01-01T09:30:00.000+00:00',
    finished_at: null,
    result: null,
    success: null,
    state: 'running',
    scheduled_at: null,
    trigger: 'manual',
    attempt: 1,
    duration_seconds: null,
    why: null,
    exit_code: null,
    stdout: null,
    stderr: null,
    turn_id: null,
    usage: null,
    cost_usd: null,
    delivery: null,
    ...more,
  });

test('columns stand below one another, in any script, and nothing steers the terminal', () => {
  const rows = [run({ result: '早报\u001b[2J ok' }), run({ id: 12, result: '界'.repeat(50) })];
  const lines = runsTable(rows).split('\n');
  expect(lines[0]).toBe('RUN  BEGUN (UTC)          STATE    TRIGGER  TRIES  SECONDS  EXIT  RESULT');
  expect(lines[1]).toMatch(/^1 {4}2026-01-01 09:30:00 {2}running {2}manual {3}1 {6}- {8}- {5}早报/);
  expect(lines[1]).not.toContain('\u001b');
  expect(lines[2]).toMatch(/界…$/);
});
