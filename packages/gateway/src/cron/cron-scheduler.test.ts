import { expect, test } from 'vitest';
import type { Clock } from '../host/clock.ts';
import { TestClock } from '../host/test-clock.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { cronHouse, failed, succeeded } from './test-cron-house.ts';
import { SettableClock } from './test-settable-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Thursday, 1 January 2026. */
const newYear = Date.UTC(2026, 0, 1);

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

test('what a clock that was ahead left out comes all the same when its time has come', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock });
  const id = house.add({ cron_expression: '0 3 * * *', misfire_grace_seconds: 60 });
  house.scheduler.start();
  clock.set(day);
  clock.advance(minute);
  expect(house.rows(id)).toMatchObject([{ state: 'missed' }]);
  clock.set(0);
  clock.advance(4 * hour);
  expect(house.rows(id)).toMatchObject([{ state: 'succeeded' }]);
  expect(times(house.rows(id))).toEqual(['01-01T03:00']);
});

test('a try that waits for a time of a clock that was ahead does not wait for it', () => {
  const clock = new SettableClock(newYear);
  const tries: number[] = [];
  const house = cronHouse({
    clock,
    outcome: () => {
      tries.push(clock.now());
      return tries.length === 1 ? failed : succeeded;
    },
  });
  clock.set(365 * day);
  const id = house.add({ cron_expression: '* * * * *', retries: 1, retry_delay_seconds: 3600 });
  house.scheduler.start();
  clock.advance(minute);
  expect(house.rows(id)).toMatchObject([{ state: 'queued', attempt: 1 }]);
  clock.set(0);
  clock.advance(minute);
  expect(house.rows(id)[0]).toMatchObject({ state: 'succeeded', attempt: 2 });
});

test('a job that can not be looked at keeps no other from running', () => {
  const clock = new TestClock(newYear);
  const house = cronHouse({ clock });
  const bad = house.add({ cron_expression: '0 * * * *' });
  const good = house.add({ cron_expression: '0 * * * *' });
  const { occurrences } = house;
  const claim = occurrences.claim.bind(occurrences);
  let broken = true;
  Object.assign(occurrences, {
    claim: (id: typeof bad, nowMs: number) => {
      if (id === bad && broken) throw new Error('its zone has no times');
      return claim(id, nowMs);
    },
  });
  house.scheduler.start();
  clock.advance(hour + minute / 2);
  expect([house.rows(bad).length, house.rows(good).length]).toEqual([0, 1]);
  broken = false;
  clock.advance(minute);
  // Nothing of it is lost meanwhile.
  expect(times(house.rows(bad))).toEqual(['01-01T01:00']);
});

test('what was to begin before a long stop is too late after it', () => {
  const clock = new SettableClock(newYear);
  const house = cronHouse({ clock, outcome: () => undefined });
  house.executor.free = false;
  const jobs = {
    once: house.add({ cron_expression: '0 1 * * *' }),
    skip: house.add({ cron_expression: '0 1 * * *', misfire: 'skip' }),
    patient: house.add({ cron_expression: '0 1 * * *', misfire_grace_seconds: 7 * 86_400 }),
    queue: house.add({ cron_expression: '0 1 * * *', overlap: 'queue' }),
  };
  house.scheduler.start();
  clock.advance(hour + minute);
  house.scheduler.stop();
  const states = () =>
    Object.fromEntries(Object.entries(jobs).map(([name, id]) => [name, house.rows(id)[0]?.state]));
  expect(new Set(Object.values(states()))).toEqual(new Set(['queued']));
  clock.set(10 * minute);
  house.recover(() => true);
  expect(states()).toEqual({ once: 'queued', skip: 'missed', patient: 'queued', queue: 'queued' });
  clock.set(2 * hour);
  house.recover(() => true);
  expect(states()).toEqual({ once: 'missed', skip: 'missed', patient: 'queued', queue: 'queued' });
  expect(house.rows(jobs.once)[0]?.why).toContain('too late');
});
