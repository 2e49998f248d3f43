import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { cronHouse, succeeded } from './test-cron-house.ts';

const hour = 3600_000;
const newYear = Date.UTC(2026, 0, 1);
const owner = { botId: undefined };

test('an end that can not be written is written as soon as it can', async () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  const id = house.add({ cron_expression: '0 * * * *' });
  house.scheduler.start();
  clock.advance(hour);
  const [{ id: runId } = { id: 0 }] = house.rows(id);
  let full = true;
  const settled = house.endings.settle(runId, () => {
    if (full) throw new Error('the disk is full');
    house.endings.record(runId, succeeded);
  });
  clock.advance(5_000);
  await Promise.resolve();
  expect(house.rows(id)).toMatchObject([{ state: 'running' }]);
  full = false;
  for (let n = 0; n < 5; n += 1) {
    clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settled;
  expect(house.rows(id)).toMatchObject([{ state: 'succeeded' }]);
});

test('who waits for a run hears of it, however little of the history is kept', async () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined, historyKeep: 1 });
  const id = house.add({ cron_expression: '0 * * * *' });
  house.scheduler.start();
  const ended = house.service.run(id, owner).ended();
  clock.advance(3 * hour);
  const [first] = house.rows(id);
  house.endings.end(first?.id ?? 0, succeeded);
  expect(await ended).toMatchObject({ state: 'succeeded', result: 'ok' });
  expect(house.rows(id).map(({ state }) => state)).toEqual(['succeeded', 'skipped']);
});

test('what is left out does not fill the history either', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined, historyKeep: 5 });
  const id = house.add({ cron_expression: '* * * * *' });
  house.scheduler.start();
  clock.advance(hour);
  expect(house.rows(id).map(({ state }) => state)).toEqual([
    'running',
    ...Array.from({ length: 5 }, () => 'skipped'),
  ]);
});
