import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { type Clock, systemClock } from 'mini-claude-bot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

/** The gateway looks after itself every 15 s: here it does so much more often. */
const hurried: Clock = {
  now: systemClock.now,
  after: (ms, callback) => systemClock.after(ms === 15_000 ? 50 : ms, callback),
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clock: hurried });
});
afterAll(() => gateway.stop());

test('who asks a healthy gateway gets what old clients expect, and no more', async () => {
  expect(await gateway.get('/api/health')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await gateway.get('/health')).toEqual({
    status: 200,
    body: { status: 'ok', uptime_seconds: expect.any(Number), active_sessions: 0 },
  });
});

test('real trouble is told with status 503 and by name, and is over when it is', async () => {
  const other = new Sqlite(join(gateway.home, 'gateway.db'));
  other.exec('BEGIN IMMEDIATE');
  const finding = {
    id: 'database_busy',
    found: expect.any(String),
    fix: expect.any(String),
    restart_helps: false,
  };
  await eventually('it is seen', async () => (await gateway.get('/health')).status === 503);
  expect((await gateway.get('/health')).body).toEqual({
    status: 'trouble',
    uptime_seconds: expect.any(Number),
    active_sessions: 0,
    findings: [finding],
    detail: expect.stringContaining('Another program'),
  });
  expect(await gateway.get('/api/health')).toEqual({
    status: 503,
    body: { status: 'trouble', findings: [finding], detail: expect.any(String) },
  });
  await expect(createClient({ baseUrl: gateway.url }).call(operations.ping, {})).rejects.toThrow(
    expect.objectContaining({ code: 'unhealthy' }),
  );
  other.exec('ROLLBACK');
  other.close();
  await eventually('it is over', async () => (await gateway.get('/health')).status === 200);
});

test('jobs that can not be looked at stand still', async () => {
  const before = new Sqlite(join(gateway.home, 'gateway.db'));
  before.exec('ALTER TABLE cron_jobs RENAME TO cron_jobs_away');
  before.close();
  // A minute passes for the jobs' clock alone.
  const now = systemClock.now;
  Object.assign(hurried, { now: () => now() + 120_000 });
  await eventually('it is seen', async () => {
    const { body } = await gateway.get('/health');
    return JSON.stringify(body).includes('cron_stands_still');
  });
});
