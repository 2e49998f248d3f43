import { expect, test } from 'vitest';
import type { Clock } from '../host/clock.ts';
import { TestClock } from '../host/test-clock.ts';
import type { StopReason } from './run-executor.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { cronHouse, failed, succeeded } from './test-cron-house.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Thursday, 1 January 2026. */
const newYear = Date.UTC(2026, 0, 1);

/** A clock that can be set, as by a person or by a machine that wakes up: timers don't notice. */
class SettableClock implements Clock {
  readonly #clock: TestClock;
  #aheadMs = 0;

  constructor(nowMs: number) {
    this.#clock = new TestClock(nowMs);
  }

  readonly now = (): number => this.#clock.now() + this.#aheadMs;
  readonly after = (ms: number, callback: () => void) => this.#clock.after(ms, callback);

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  set(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }
}

const times = (rows: readonly { readonly scheduled_at_ms: number | null }[]): string[] =>
  rows.map(({ scheduled_at_ms }) => new Date(scheduled_at_ms ?? 0).toISOString().slice(5, 16));

test('years of a hundred jobs: each occurrence once, each at its time', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, longestWaitMs: day });
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
  const expressions = [
    '30 2 * 3,10 SUN',
    '30 1 1 * *',
    '0 0 L * *',
    '15 9 * * MON#1',
    '0 12 29 2 *',
  ];
  const made = zones.flatMap((timezone) =>
    expressions.flatMap((cron_expression) =>
      [0, 1, 2, 3, 4].map((n) => ({
        timezone,
        cron_expression,
        jitter_seconds: n * 60,
        id: house.add({ timezone, cron_expression, jitter_seconds: n * 60 }),
      })),
    ),
  );
  house.scheduler.start();
  const until = Date.UTC(2029, 0, 1);
  clock.advance(until - newYear);
  for (const { id, timezone, cron_expression, jitter_seconds } of made) {
    const parsed = parseSchedule(cron_expression, timezone);
    const expected: number[] = [];
    if (parsed.kind === 'schedule') {
      for (let ms = parsed.schedule.next(newYear); ms !== undefined && ms <= until; ) {
        expected.push(ms);
        ms = parsed.schedule.next(ms);
      }
    }
    const rows = house.rows(id);
    expect(expected.length).toBeGreaterThan(0);
    expect(times(rows)).toEqual(times(expected.map((ms) => ({ scheduled_at_ms: ms }))));
    for (const { state, triggered_by, scheduled_at_ms, begun_at_ms } of rows) {
      expect([state, triggered_by]).toEqual(['succeeded', 'schedule']);
      const late = (begun_at_ms ?? 0) - (scheduled_at_ms ?? 0);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(jitter_seconds * 1000);
    }
  }
}, 120_000);

test('a machine that slept for a month neither bursts nor goes silent', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock });
  const id = house.add({ cron_expression: '* * * * *' });
  house.scheduler.start();
  clock.advance(5 * minute);
  expect(house.executor.begun).toHaveLength(5);
  clock.set(30 * day);
  // Timers did not run meanwhile: it notices within 15 s.
  clock.advance(15_000);
  expect(house.executor.begun).toHaveLength(6);
  clock.advance(5 * minute);
  expect(house.executor.begun).toHaveLength(11);
  const missed = house.rows(id).filter(({ state }) => state === 'missed');
  expect(missed.length).toBeGreaterThan(0);
  expect(missed.length).toBeLessThan(40);
  expect(missed[0]?.why).toContain('So were all since 2026-01-01T00:06');
});

test('a clock that is set back runs nothing twice, and nothing is left out afterwards', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock });
  const id = house.add({ cron_expression: '*/10 * * * *' });
  house.scheduler.start();
  clock.advance(2 * hour);
  expect(house.executor.begun).toHaveLength(12);
  clock.set(-hour);
  clock.advance(hour);
  // The hour that comes again has its rows already.
  expect(house.executor.begun).toHaveLength(12);
  clock.advance(hour);
  expect(house.executor.begun).toHaveLength(18);
  expect(new Set(times(house.rows(id))).size).toBe(18);
});

test('a clock that ran a year ahead by mistake leaves no job silent', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock });
  house.add({ cron_expression: '0 * * * *' });
  house.scheduler.start();
  clock.set(365 * day);
  clock.advance(minute);
  clock.set(0);
  const before = house.executor.begun.length;
  clock.advance(3 * hour);
  expect(house.executor.begun.length - before).toBe(3);
});

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

test('a thousand jobs that are due in the same second begin in their order, a few at a time', () => {
  const clock = new TestClock(newYear);
  let inOneGo = 0;
  let most = 0;
  const counting: Clock = {
    now: clock.now,
    after: (ms, callback) =>
      clock.after(ms, () => {
        inOneGo = 0;
        callback();
        most = Math.max(most, inOneGo);
      }),
  };
  const house = cronHouse({
    clock: counting,
    outcome: () => {
      inOneGo += 1;
      return succeeded;
    },
  });
  const ids = Array.from({ length: 1_000 }, () => house.add({ cron_expression: '0 1 * * *' }));
  house.scheduler.start();
  clock.advance(2 * hour);
  expect(house.executor.begun.map(({ job }) => job.id)).toEqual(ids);
  expect(most).toBeLessThanOrEqual(2);
});

test('runs wait for a free place, and begin in their order', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  const { executor, endings, scheduler } = house;
  const going: number[] = [];
  const start = executor.start;
  Object.assign(executor, {
    start: (job: never, run: never) => {
      start(job, run);
      going.push(executor.begun.at(-1)?.run.id ?? 0);
      executor.free = going.length < 3;
    },
  });
  const ids = Array.from({ length: 10 }, () => house.add({ cron_expression: '0 1 * * *' }));
  scheduler.start();
  clock.advance(hour);
  expect(executor.begun).toHaveLength(3);
  while (going.length > 0) {
    const first = going.shift() ?? 0;
    executor.free = true;
    endings.end(first, succeeded);
    clock.advance(1);
  }
  expect(executor.begun.map(({ job }) => job.id)).toEqual(ids);
});

test('a job whose times can not be understood says so, and keeps no other from running', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock });
  const bad = house.add({ cron_expression: 'every day' });
  house.add({ cron_expression: '0 * * * *' });
  house.scheduler.start();
  clock.advance(hour);
  expect(house.executor.begun).toHaveLength(1);
  expect(house.jobs.find(bad)?.note).toContain(
    "It can't run by itself: its expression has 2 fields",
  );
  expect(house.service.incidents(undefined, true, 9)).toMatchObject([
    { job_id: bad, kind: 'unschedulable' },
  ]);
});
