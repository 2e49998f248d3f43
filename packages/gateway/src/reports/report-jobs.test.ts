import { defaultBotId } from '@mini-claude-bot/contract';
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { cronHouse } from '../cron/test-cron-house.ts';
import { TestClock } from '../host/test-clock.ts';
import { reportDefinition } from './definitions/definition.ts';
import type { DefinedReport } from './definitions/definitions.ts';
import { ReportJobs } from './report-jobs.ts';

const owner = { botId: undefined };
const report = (change: object = {}): DefinedReport => ({
  name: 'paper',
  origin: 'owner',
  file: 'paper.yaml',
  faults: [],
  definition: reportDefinition.parse({
    language: 'en',
    title: 'Paper',
    time: '09:00',
    zone: 'Asia/Shanghai',
    sections: [{ id: 'news', title: 'News', instructions: 'x' }],
    ...change,
  }),
});

let house: ReturnType<typeof cronHouse>;
let jobs: ReportJobs;
beforeEach(() => {
  house = cronHouse({ clock: new TestClock() });
  jobs = new ReportJobs(house.database, house.service, pino({ level: 'silent' }));
});

const follow = (reports: readonly DefinedReport[], isSent = true) =>
  jobs.follow(reports, () => isSent);

test('a job is made of a file, once, in its zone', async () => {
  await follow([report()]);
  await follow([report()]);
  expect(house.service.list(defaultBotId, owner)).toHaveLength(1);
  expect(jobs.find('paper')).toMatchObject({
    cron_expression: '0 9 * * *',
    timezone: 'Asia/Shanghai',
    command: 'report paper',
    job_type: 'gateway',
    enabled: 1,
  });
});

test('nothing is made of one that goes to nobody, is off, or has faults', async () => {
  await follow([report()], false);
  await follow([report({ enabled: false })]);
  await follow([{ ...report(), definition: undefined }]);
  expect(jobs.find('paper')).toBeUndefined();
});

test('it follows the file, and what the owner changed stays otherwise', async () => {
  await follow([report()]);
  const id = jobs.find('paper')?.id;
  if (id === undefined) throw new Error('there is no job');
  house.service.change({ job_id: id, cron_expression: '0 8 * * *' }, owner);
  await follow([report()]);
  expect(jobs.find('paper')?.cron_expression).toBe('0 8 * * *');
  await follow([report({ time: '10:15', days: ['sat'] })]);
  expect(jobs.find('paper')?.cron_expression).toBe('15 10 * * sat');
});

test('it is off and on with its file, and gone with it', async () => {
  await follow([report()]);
  await follow([report({ enabled: false })]);
  expect(jobs.find('paper')?.enabled).toBe(0);
  await follow([report()]);
  expect(jobs.find('paper')?.enabled).toBe(1);
  const id = jobs.find('paper')?.id;
  if (id === undefined) throw new Error('there is no job');
  house.service.setEnabled(id, false, owner);
  await follow([report()]);
  expect(jobs.find('paper')?.enabled).toBe(0);
  await follow([]);
  expect(jobs.find('paper')).toBeUndefined();
});

test('one that the owner deleted stays away until its times change', async () => {
  await follow([report()]);
  const id = jobs.find('paper')?.id;
  if (id === undefined) throw new Error('there is no job');
  await house.service.delete(id, owner);
  await follow([report()]);
  expect(jobs.find('paper')).toBeUndefined();
  await follow([report({ time: '10:00' })]);
  expect(jobs.find('paper')?.cron_expression).toBe('0 10 * * *');
});
