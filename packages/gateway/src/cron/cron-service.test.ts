import { type BotId, operations } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
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

const house = () => cronHouse({ clock: new TestClock(Date.UTC(2026, 0, 1)) });

test('who is bound to a bot makes Claude jobs, and no commands for the shell', () => {
  const { service } = house();
  expect(() => service.create(input({ job_type: 'shell' }), hero)).toThrow('could reach all');
  const claude = service.create(input({ job_type: 'claude' }), hero);
  const change = { job_id: claude, job_type: 'shell' as const };
  expect(() => service.change(change, hero)).toThrow('could reach all');
  const shell = service.create(input({ job_type: 'shell' }), owner);
  expect(() => service.change({ job_id: shell, command: 'id' }, hero)).toThrow('could reach all');
  expect(service.change({ job_id: shell, name: 'other' }, hero).name).toBe('other');
  expect(service.change({ job_id: claude, command: 'Look.' }, hero).command).toBe('Look.');
});

test('a job of another bot is as unknown as one that nobody has', async () => {
  const { service, scheduler, incidents } = house();
  scheduler.start();
  const id = service.create(input({ bot_id: 'other', job_type: 'claude' }), owner);
  const unknown = 'There is no job with this id.';
  expect(() => service.find(id, hero)).toThrow(unknown);
  expect(() => service.change({ job_id: id, name: 'x' }, hero)).toThrow(unknown);
  expect(() => service.setEnabled(id, false, hero)).toThrow(unknown);
  expect(() => service.run(id, hero)).toThrow(unknown);
  expect(() => service.history(id, undefined, 9, hero)).toThrow(unknown);
  await expect(service.delete(id, hero)).rejects.toThrow(unknown);
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
