import { operations } from '@mini-claude-bot/contract';
import { describe, expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import type { StopReason } from './run-executor.ts';
import { cronHouse, failed, succeeded } from './test-cron-house.ts';
import { SettableClock } from './test-settable-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const newYear = Date.UTC(2026, 0, 1);
const owner = { botId: undefined };

test('after a stop of a day each policy does as it says', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock });
  const add = (misfire: 'skip' | 'once' | 'all', misfire_grace_seconds: number) =>
    house.add({ cron_expression: '0 */6 * * *', misfire, misfire_grace_seconds });
  const jobs = {
    skip: add('skip', 86_400),
    once: add('once', 86_400),
    'once, too late': add('once', 3600),
    all: add('all', 86_400),
    'all, within its grace': add('all', 12 * 3600),
  };
  clock.set(23 * hour);
  house.scheduler.start();
  clock.advance(minute);
  const states = Object.fromEntries(
    Object.entries(jobs).map(([name, id]) => [
      name,
      house
        .rows(id)
        .map(({ state, triggered_by }) => (state === 'missed' ? 'missed' : triggered_by)),
    ]),
  );
  expect(states).toEqual({
    skip: ['missed', 'missed', 'missed'],
    once: ['missed', 'missed', 'catch-up'],
    'once, too late': ['missed', 'missed', 'missed'],
    all: ['catch-up', 'catch-up', 'catch-up'],
    'all, within its grace': ['missed', 'catch-up', 'catch-up'],
  });
  for (const id of Object.values(jobs)) {
    for (const { state, why } of house.rows(id)) if (state === 'missed') expect(why).not.toBeNull();
  }
});

test.each([
  ['skip', ['running', 'skipped', 'skipped'], []],
  ['queue', ['running', 'queued', 'queued'], []],
  ['parallel', ['running', 'running', 'running'], []],
  ['replace', ['stopped', 'stopped', 'running'], ['replaced', 'replaced']],
] as const)('a run that goes on when the next is due: %s', async (overlap, states, stops) => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  const { executor, endings } = house;
  const stop = async (id: number, reason: StopReason): Promise<void> => {
    if (house.runs.find(id)?.state !== 'running') return;
    executor.stopped.push({ id, reason });
    endings.end(id, { state: 'stopped', result: '' });
  };
  Object.assign(executor, { stop });
  const id = house.add({ cron_expression: '0 * * * *', overlap });
  house.scheduler.start();
  for (let n = 0; n < 3; n += 1) {
    clock.advance(hour);
    // What makes room does so by itself.
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(1);
  }
  expect(house.rows(id).map(({ state }) => state)).toEqual(states);
  expect(executor.stopped.map(({ reason }) => reason)).toEqual(stops);
});

test('queued runs follow one another', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  const id = house.add({ cron_expression: '0 * * * *', overlap: 'queue' });
  house.scheduler.start();
  clock.advance(3 * hour);
  for (const { id: runId } of house.rows(id)) {
    house.endings.end(runId, succeeded);
    clock.advance(1);
  }
  expect(house.rows(id).map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('a run that fails is tried again, later each time, and is one row', () => {
  const clock = new TestClock(newYear);
  const begun: number[] = [];
  const house = cronHouse({
    clock,
    outcome: ({ attempt }) => {
      begun.push(clock.now() - newYear - hour);
      return attempt < 4 ? failed : succeeded;
    },
  });
  const id = house.add({ cron_expression: '0 * * * *', retries: 3, retry_delay_seconds: 60 });
  house.scheduler.start();
  clock.advance(hour + 30 * minute);
  expect(begun).toEqual([0, minute, 3 * minute, 7 * minute]);
  expect(house.rows(id)).toMatchObject([{ state: 'succeeded', attempt: 4, success: 1 }]);
});

test('a job that keeps failing says so once, and is disabled in the end', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => failed });
  const id = house.add({
    cron_expression: '0 * * * *',
    notify_chat_id: '7',
    notify: 'failure',
    alert_after: 3,
    disable_after: 5,
  });
  house.scheduler.start();
  clock.advance(day);
  expect(house.rows(id)).toHaveLength(5);
  expect(house.told.map((text) => text.split('\n')[0])).toEqual([
    '❌ job failed.',
    '❌ job failed.',
    expect.stringContaining('for the 3rd time in a row'),
    expect.stringContaining('for the 5th time in a row, and was disabled'),
  ]);
  expect(house.jobs.find(id)).toMatchObject({ enabled: 0, failures_in_a_row: 5 });
  const open = house.service.incidents(undefined, true, 10);
  expect(open.map(({ kind }) => kind)).toEqual(['disabled', 'failing']);
  const [first] = open;
  house.service.acknowledge(first?.id ?? 0, { botId: undefined });
  expect(house.service.incidents(undefined, true, 10)).toHaveLength(1);
  // Enabled again, it has all its tries again.
  house.service.setEnabled(id, true, { botId: undefined });
  clock.advance(hour);
  expect(house.jobs.find(id)).toMatchObject({ enabled: 1, failures_in_a_row: 1 });
});

test('only a change of what it says is told', () => {
  const clock = new TestClock(newYear);
  const said = ['a', 'a', 'b', 'b', 'a'];
  const house = cronHouse({
    clock,
    outcome: () => ({ state: 'succeeded', result: said.shift() ?? '' }),
  });
  house.add({ cron_expression: '0 * * * *', notify_chat_id: '7', notify: 'change' });
  house.scheduler.start();
  clock.advance(5 * hour);
  expect(house.told).toEqual(['✅ job\n\na', '✅ job\n\nb', '✅ job\n\na']);
});

test('of all, each is made up for, however many there are', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  const id = house.add({
    cron_expression: '0 * * * *',
    misfire: 'all',
    misfire_grace_seconds: 2 * 86_400,
  });
  clock.set(21 * hour + 30 * minute);
  house.scheduler.start();
  clock.advance(minute);
  for (const { id: runId } of house.rows(id)) {
    house.endings.end(runId, succeeded);
    clock.advance(1);
  }
  const states = house.rows(id).map(({ state, triggered_by }) => `${state} ${triggered_by}`);
  expect(states).toEqual(Array.from({ length: 21 }, () => 'succeeded catch-up'));
});

test('of a job that takes longer than its times are apart, not more and more runs wait', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  const id = house.add({ cron_expression: '* * * * * *', overlap: 'queue' });
  house.scheduler.start();
  clock.advance(1_100_000);
  const rows = house.rows(id);
  expect(rows.filter(({ state }) => state === 'queued')).toHaveLength(999);
  expect(rows.at(-1)).toMatchObject({
    state: 'skipped',
    why: '1000 runs of this job wait already.',
  });
});

test('who waits for a run hears that another took its place', async () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  house.executor.free = false;
  const id = house.service.create(
    operations.createCronJob.input.parse({
      name: 'n',
      cron_expression: '0 * * * *',
      command: 'true',
      timezone: 'UTC',
      overlap: 'replace',
    }),
    owner,
  );
  house.scheduler.start();
  const ended = house.service.run(id, owner).ended();
  clock.advance(hour);
  expect(await ended).toMatchObject({ state: 'stopped' });
  expect(house.rows(id).map(({ state }) => state)).toEqual(['stopped', 'queued']);
});

describe('a job that is paused', () => {
  test('begins nothing of what waits, but what somebody asked for', () => {
    const clock = new TestClock(newYear);
    const house = cronHouse({ clock, outcome: () => failed });
    const tried = house.add({ cron_expression: '0 1 * * *', retries: 3 });
    house.scheduler.start();
    clock.advance(hour);
    house.executor.free = false;
    const waiting = house.add({ cron_expression: '*/10 * * * *', overlap: 'queue' });
    house.service.run(waiting, owner);
    clock.advance(20 * minute);
    for (const id of [tried, waiting]) house.service.setEnabled(id, false, owner);
    house.executor.free = true;
    clock.advance(hour);
    expect(house.rows(tried)).toMatchObject([{ state: 'failed', attempt: 1 }]);
    expect(house.rows(waiting).map(({ state }) => state)).toEqual(['failed', 'skipped', 'skipped']);
  });

  test('says only once that it is disabled, however often it is run by hand', () => {
    const clock = new TestClock(newYear);
    const house = cronHouse({ clock, outcome: () => failed });
    const id = house.add({
      cron_expression: '0 * * * *',
      notify_chat_id: '7',
      alert_after: 1,
      disable_after: 2,
    });
    house.scheduler.start();
    clock.advance(2 * hour);
    house.service.run(id, owner);
    house.service.run(id, owner);
    clock.advance(minute);
    expect(house.rows(id)).toHaveLength(4);
    expect(house.told).toHaveLength(2);
    expect(house.told.at(-1)).toContain('was disabled');
  });
});
