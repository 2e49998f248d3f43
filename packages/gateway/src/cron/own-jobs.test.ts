import { type CronJobId, defaultBotId } from '@mini-claude-bot/contract';
import pino from 'pino';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { type OwnJob, OwnJobs } from './own-jobs.ts';
import { cronHouse } from './test-cron-house.ts';

const owner = { botId: undefined };
const push: OwnJob = { command: 'metrics push', name: 'Push', cron_expression: '*/5 * * * *' };

/** A gateway that can be started again and again. */
function house() {
  const { database, service } = cronHouse({ clock: new TestClock(Date.UTC(2026, 0, 1)) });
  const start = (wanted: readonly OwnJob[]) => {
    const ownJobs = new OwnJobs(database, pino({ level: 'silent' }));
    ownJobs.make(
      wanted,
      (job) => service.create(job, owner),
      (job_id, cron_expression) => void service.change({ job_id, cron_expression }, owner),
    );
    return service.list(defaultBotId, owner);
  };
  return { service, start };
}

test('a job of its own is there once, from the start that wants it', () => {
  const { start } = house();
  expect(start([])).toEqual([]);
  const [made, ...others] = start([push]);
  expect(others).toEqual([]);
  expect(made).toMatchObject({ ...push, job_type: 'gateway', enabled: 1, disable_after: 0 });
  expect(made?.next_at_ms).toBe(Date.UTC(2026, 0, 1, 0, 5));
  expect(start([push])).toEqual([made]);
});

test('what its owner changed stays so, and what they deleted is not made again', async () => {
  const { service, start } = house();
  const id = start([push])[0]?.id as CronJobId;
  service.change({ job_id: id, cron_expression: '@hourly', enabled: false }, owner);
  expect(start([push])).toMatchObject([{ id, cron_expression: '@hourly', enabled: 0 }]);
  await service.delete(id, owner);
  expect(start([push])).toEqual([]);
});

test('its schedule follows the configuration until its owner sets another', () => {
  const { service, start } = house();
  const id = start([push])[0]?.id as CronJobId;
  const later = { ...push, cron_expression: '*/7 * * * *' };
  expect(start([later])).toMatchObject([{ id, cron_expression: '*/7 * * * *' }]);
  service.change({ job_id: id, cron_expression: '@hourly' }, owner);
  expect(start([push])).toMatchObject([{ id, cron_expression: '@hourly' }]);
  expect(start([later])).toMatchObject([{ id, cron_expression: '@hourly' }]);
});
