import { type BotId, operations } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import type { GatewayAction } from './gateway-executor.ts';
import { cronHouse } from './test-cron-house.ts';

const owner = { botId: undefined };
const hero = { botId: 'hero' as BotId };

const input = (more: object = {}) =>
  operations.createCronJob.input.parse({
    name: 'push',
    cron_expression: '*/5 * * * *',
    command: 'metrics push',
    job_type: 'gateway',
    bot_id: 'hero',
    ...more,
  });

/** Jobs with one thing that the gateway does itself. */
function house(action: GatewayAction) {
  const clock = new TestClock(Date.UTC(2026, 0, 1));
  const made = cronHouse({ clock, actions: { 'metrics push': action } });
  made.scheduler.start();
  return { ...made, clock };
}

const never: GatewayAction = () => new Promise(() => {});

test.each<[string, GatewayAction, object]>([
  ['done', async () => ({ done: true, detail: 'sent' }), { state: 'succeeded', result: 'sent' }],
  ['not done', async () => ({ done: false, detail: 'no' }), { state: 'failed', result: 'no' }],
  [
    'broken',
    async () => {
      throw new Error('oh');
    },
    { state: 'failed', result: 'oh' },
  ],
])('what came of it is in the history: %s', async (_name, action, expected) => {
  const { service, clock, rows } = house(action);
  const id = service.create(input(), owner);
  const { ended } = service.run(id, owner);
  clock.advance(1);
  expect(await ended()).toMatchObject(expected);
  expect(rows(id)).toMatchObject([{ ...expected, job_type: 'gateway', attempt: 1 }]);
});

test('it runs at its times', async () => {
  let times = 0;
  const { service, clock, rows } = house(async () => {
    times += 1;
    return { done: true, detail: `${times}` };
  });
  const id = service.create(input(), owner);
  for (let minute = 0; minute < 16; minute += 1) {
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(rows(id).map(({ result, state }) => [result, state])).toEqual([
    ['1', 'succeeded'],
    ['2', 'succeeded'],
    ['3', 'succeeded'],
  ]);
});

test('what takes too long is over, and its own end is nothing any more', async () => {
  let finish = (): void => {};
  const { service, clock, rows } = house(
    () =>
      new Promise((resolve) => {
        finish = () => resolve({ done: true, detail: 'late' });
      }),
  );
  const id = service.create(input({ timeout_seconds: 7 }), owner);
  const { ended } = service.run(id, owner);
  clock.advance(1);
  clock.advance(7_000);
  expect(await ended()).toMatchObject({ state: 'timed_out' });
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(rows(id)).toMatchObject([{ state: 'timed_out', result: 'It took longer than 7 s.' }]);
});

test('a job that is deleted while it runs is gone at once', async () => {
  const { service, clock } = house(never);
  const id = service.create(input(), owner);
  const { ended } = service.run(id, owner);
  clock.advance(1);
  await service.delete(id, owner);
  expect(await ended()).toMatchObject({ state: 'stopped' });
  expect(service.list(hero.botId, owner)).toEqual([]);
});

test.each([
  [false, 'interrupted'],
  [true, 'running'],
])(
  'when the gateway stops, a run of a job with rerun_after_crash %s is %s',
  async (again, state) => {
    const { service, clock, rows, gateway } = house(never);
    const id = service.create(input({ rerun_after_crash: again }), owner);
    service.run(id, owner);
    clock.advance(1);
    const closed = gateway?.close(5_000);
    expect(rows(id)).toMatchObject([{ state: 'running' }]);
    clock.advance(5_000);
    await closed;
    expect(rows(id)).toMatchObject([{ state }]);
  },
);

test('only what the gateway does itself can be asked for, and by its owner alone', () => {
  const { service } = house(never);
  expect(() => service.create(input({ command: 'rm -rf /' }), owner)).toThrow('"metrics push"');
  expect(() => service.create(input(), hero)).toThrow('could reach all');
  // A chat whose Claude runs commands anyway has shell jobs of its bot.
  const trusted = { ...hero, mayRunCommands: true };
  expect(() => service.create(input(), trusted)).toThrow('could reach all');
  const id = service.create(input(), owner);
  expect(() => service.find(id, trusted)).toThrow('no job');
  expect(() => service.change({ job_id: id, command: 'x' }, owner)).toThrow('"metrics push"');
  expect(() => service.find(id, hero)).toThrow('no job');
  expect(service.change({ job_id: id, command: 'x', job_type: 'shell' }, owner)).toMatchObject({
    job_type: 'shell',
    command: 'x',
  });
});
