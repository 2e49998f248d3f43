import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { cronHouse, succeeded } from './test-cron-house.ts';

const minute = 60_000;
const newYear = Date.UTC(2026, 0, 1);

/** One scheduler on a file, that can be killed: from then on it writes nothing and hears nothing. */
function openOne(path: string, clock: TestClock, owner: string, begun: string[]) {
  let dead = false;
  const house = cronHouse({
    clock: {
      now: clock.now,
      after: (ms, callback) => clock.after(ms, () => void (dead || callback())),
    },
    path,
    owner,
    outcome: ({ job_id, scheduled_at_ms, attempt }) => {
      begun.push(`${job_id} ${scheduled_at_ms} ${attempt}`);
      return undefined;
    },
  });
  // Each run takes twenty seconds: whoever is killed meanwhile does not end it.
  const { executor, endings } = house;
  const start = executor.start;
  const finishLater = (...[job, run]: Parameters<typeof start>): void => {
    start(job, run);
    clock.after(20_000, () => void (dead || endings.end(run.id, succeeded)));
  };
  Object.assign(executor, { start: finishLater });
  return {
    house,
    kill: () => {
      dead = true;
      house.scheduler.stop();
      house.database.close();
    },
  };
}

test('two schedulers on one file, killed at random: one row and one run for each occurrence', () => {
  const step = fc.record({
    restMs: fc.integer({ min: 1, max: 90_000 }),
    killed: fc.constantFrom(0, 1, undefined, undefined),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
      const directory = mkdtempSync(join(tmpdir(), 'cron-'));
      const path = join(directory, 'gateway.db');
      const clock = new TestClock(newYear);
      const begun: string[] = [];
      let generation = 0;
      const dead = new Set<string>();
      const names = ['', ''];
      const open = (index: number) => {
        const owner = `scheduler ${generation++}`;
        names[index] = owner;
        return openOne(path, clock, owner, begun);
      };
      const both = [open(0), open(1)];
      try {
        const ids = ['* * * * *', '*/2 * * * *', '*/20 * * * * *'].map((cron_expression, n) =>
          both[0]?.house.add({
            cron_expression,
            overlap: 'queue',
            rerun_after_crash: n === 1 ? 1 : 0,
          }),
        );
        for (const { house } of both) house.scheduler.start();
        for (const { restMs, killed } of steps) {
          clock.advance(restMs);
          if (killed === undefined) continue;
          both[killed]?.kill();
          dead.add(names[killed] ?? '');
          both[killed] = open(killed);
          both[killed]?.house.recover((owner) => owner !== null && dead.has(owner));
          both[killed]?.house.scheduler.start();
        }
        clock.advance(2 * minute);
        // Never begun twice, but where a job says so.
        expect(new Set(begun).size).toBe(begun.length);
        const untilMs = clock.now() - minute;
        for (const [n, everyMs] of [minute, 2 * minute, 20_000].entries()) {
          const rows = both[0]?.house.rows(ids[n] ?? (0 as never)) ?? [];
          const times = rows.map(({ scheduled_at_ms }) => scheduled_at_ms);
          const expected: number[] = [];
          for (let ms = newYear + everyMs; ms <= untilMs; ms += everyMs) expected.push(ms);
          expect(times.filter((ms) => (ms ?? 0) <= untilMs)).toEqual(expected);
          const again = rows.filter(({ attempt }) => attempt > 1);
          if (n !== 1) expect(again).toEqual([]);
        }
      } finally {
        for (const { kill } of both) kill();
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);
