import { type BotId, type CronJobId, operations } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import type { Actor, CronService } from './cron-service.ts';
import { cronHouse } from './test-cron-house.ts';

const owner = { botId: undefined };
const hero = { botId: 'hero' as BotId };

const input = (more: object) =>
  operations.createCronJob.input.parse({
    name: 'n',
    cron_expression: '0 9 * * *',
    command: 'true',
    bot_id: 'hero',
    ...more,
  });

async function refusesAll(service: CronService, id: CronJobId, actor: Actor = hero): Promise<void> {
  const unknown = 'There is no job with this id.';
  expect(() => service.find(id, actor)).toThrow(unknown);
  expect(() => service.change({ job_id: id, name: 'x' }, actor)).toThrow(unknown);
  expect(() => service.setEnabled(id, false, actor)).toThrow(unknown);
  expect(() => service.run(id, actor)).toThrow(unknown);
  expect(() => service.history(id, undefined, 9, actor)).toThrow(unknown);
  await expect(service.delete(id, actor)).rejects.toThrow(unknown);
}

/** A chat of that bot, whose Claude runs commands anyway. */
const trusted = { ...hero, mayRunCommands: true };

const house = () => cronHouse({ clock: new TestClock(Date.UTC(2026, 0, 1)) });

test('who is bound to a bot makes Claude jobs, and no commands for the shell', () => {
  const { service } = house();
  expect(() => service.create(input({ job_type: 'shell' }), hero)).toThrow('could reach all');
  const claude = service.create(input({ job_type: 'claude' }), hero);
  const change = { job_id: claude, job_type: 'shell' as const };
  expect(() => service.change(change, hero)).toThrow('could reach all');
  expect(service.change({ job_id: claude, command: 'Look.' }, hero).command).toBe('Look.');
});

test('who is bound to a bot knows nothing of its shell jobs', async () => {
  const { service, scheduler, incidents, endings, executor } = house();
  scheduler.start();
  const id = service.create(input({ job_type: 'shell' }), owner);
  const claude = service.create(input({ job_type: 'claude' }), hero);
  incidents.open(id, 'failing', 'm', 0);
  expect(service.list(hero.botId, hero).map((job) => job.id)).toEqual([claude]);
  expect(service.list(hero.botId, owner).map((job) => job.id)).toEqual([claude, id]);
  expect(service.incidents(hero.botId, false, 9, hero)).toEqual([]);
  const [incident] = service.incidents(undefined, false, 9);
  expect(() => service.acknowledge(incident?.id ?? 0, hero)).toThrow('no incident');
  await refusesAll(service, id);
  expect(executor.begun).toEqual([]);
  // Nor what one said before its owner made a Claude job of it.
  const run = service.run(id, owner).runId;
  endings.end(run, { state: 'failed', result: 'hush', stdout: 'hush', stderr: '' });
  expect(service.change({ job_id: id, job_type: 'claude' }, owner).last_result).toBeNull();
  expect(service.history(id, undefined, 9, hero)).toEqual([]);
  expect(service.history(id, undefined, 9, owner)).toHaveLength(1);
});

test('who is bound to a bot and may run commands has its shell jobs, and no others', async () => {
  const { service, scheduler, incidents, endings } = house();
  scheduler.start();
  const shell = service.create(input({ job_type: 'shell' }), trusted);
  const claude = service.create(input({ job_type: 'claude' }), trusted);
  const other = service.create(input({ job_type: 'shell', bot_id: 'other' }), owner);
  const change = { job_id: claude, job_type: 'shell' as const };
  expect(service.change(change, trusted).job_type).toBe('shell');
  expect(service.change({ job_id: shell, command: 'false' }, trusted).command).toBe('false');
  for (const id of [shell, other]) incidents.open(id, 'failing', 'm', 0);
  expect(service.list(hero.botId, trusted).map((job) => job.id)).toEqual([claude, shell]);
  const seen = service.incidents(hero.botId, false, 9, trusted);
  expect(seen.map(({ job_id }) => job_id)).toEqual([shell]);
  expect(service.acknowledge(seen[0]?.id ?? 0, trusted).acknowledged_at_ms).not.toBeNull();
  const { runId } = service.run(shell, trusted);
  endings.end(runId, { state: 'failed', result: 'no', stdout: '', stderr: '' });
  expect(service.history(shell, undefined, 9, trusted)).toHaveLength(1);
  await refusesAll(service, other, trusted);
  const [foreign] = service.incidents(undefined, false, 9).filter((each) => each.job_id === other);
  expect(() => service.acknowledge(foreign?.id ?? 0, trusted)).toThrow('no incident');
  await service.delete(shell, trusted);
  expect(service.list(hero.botId, trusted).map((job) => job.id)).toEqual([claude]);
  await refusesAll(service, claude);
});

test('a job of another bot is as unknown as one that nobody has', async () => {
  const { service, scheduler, incidents } = house();
  scheduler.start();
  const id = service.create(input({ bot_id: 'other', job_type: 'claude' }), owner);
  await refusesAll(service, id);
  incidents.open(id, 'failing', 'm', 0);
  const [incident] = service.incidents(undefined, false, 9);
  expect(service.incidents(hero.botId, false, 9)).toEqual([]);
  expect(() => service.acknowledge(incident?.id ?? 0, hero)).toThrow('no incident');
});

test('a change of its times counts from now; one of its name does not touch them', () => {
  const { service } = house();
  const id = service.create(input({ timezone: 'UTC' }), owner);
  const first = service.find(id, owner).next_at_ms;
  expect(service.change({ job_id: id, name: 'x' }, owner).next_at_ms).toBe(first);
  const changed = service.change({ job_id: id, timezone: 'Asia/Shanghai' }, owner);
  expect(changed.next_at_ms).toBe((first ?? 0) - 8 * 3600_000);
  const refused = { job_id: id, cron_expression: '99 * * * *' };
  expect(() => service.change(refused, owner)).toThrow('minute "99"');
  expect(service.find(id, owner)).toEqual(changed);
});

test('what is longer than Claude may be told, or than a shell takes, is refused when it is made', () => {
  const { service } = house();
  const long = (job_type: string, length: number) =>
    service.create(input({ job_type, command: 'x'.repeat(length) }), owner);
  expect(() => long('claude', 1_001)).toThrow('GATEWAY_MAX_MESSAGE_KB');
  expect(() => long('shell', 130_000)).toThrow('longer than a shell takes');
  expect(service.list('hero' as BotId, owner)).toEqual([]);
  const id = long('claude', 1_000);
  expect(() => service.change({ job_id: id, command: 'x'.repeat(1_001) }, owner)).toThrow(
    'MESSAGE',
  );
});

test('nothing of a job begins while it is being deleted, and who waits for it hears', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 1));
  let stopped = (): void => {};
  const { service, scheduler, executor, endings, rows } = cronHouse({
    clock,
    outcome: () => undefined,
  });
  scheduler.start();
  const id = service.create(input({ overlap: 'parallel' }), owner);
  const { runId, ended } = service.run(id, owner);
  clock.advance(1);
  const stop = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  Object.assign(executor, {
    stop: async () => {
      await stop;
      endings.end(runId, { state: 'stopped', result: '' });
    },
  });
  const deleted = service.delete(id, owner);
  expect(() => service.run(id, owner)).toThrow('no job');
  stopped();
  await deleted;
  expect((await ended()).state).toBe('stopped');
  expect(rows(id)).toEqual([]);
});
