import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { CountedRuns } from './counted-runs.ts';
import { cronHouse, failed } from './test-cron-house.ts';

const minute = 60_000;

/** Jobs whose runs end when a test says so, and what was counted of them. */
function house() {
  const over: unknown[] = [];
  const clock = new TestClock(Date.UTC(2026, 0, 1));
  const made = cronHouse({ clock, outcome: () => undefined, onOver: (id) => counted.note(id) });
  const counted = new CountedRuns(
    (id) => made.runs.find(id),
    (...run) => over.push(run),
  );
  made.scheduler.start();
  return { ...made, clock, over };
}

test('each run that is over is counted once, with how long it ran', async () => {
  const { add, clock, rows, endings, over } = house();
  const id = add({ cron_expression: '* * * * *', job_type: 'claude' });
  clock.advance(minute);
  const [run] = rows(id);
  // The next is due while it goes on.
  clock.advance(minute);
  await Promise.resolve();
  expect(over).toEqual([['skipped', 'claude', undefined]]);
  endings.end(run?.id ?? 0, failed);
  endings.end(run?.id ?? 0, failed);
  endings.announce(run?.id ?? 0);
  await Promise.resolve();
  expect(over.slice(1)).toEqual([['failed', 'claude', minute]]);
});

test('a try that is followed by another is none, and neither is what is rolled back', async () => {
  const { add, clock, rows, endings, over, database } = house();
  const id = add({ cron_expression: '0 * * * *', retries: 1 });
  clock.advance(60 * minute);
  const run = rows(id)[0]?.id ?? 0;
  endings.end(run, failed);
  await Promise.resolve();
  expect(over).toEqual([]);
  clock.advance(minute);
  const full = () =>
    database.transaction(() => {
      endings.record(run, failed);
      throw new Error('disk full');
    })();
  expect(full).toThrow('disk full');
  await Promise.resolve();
  expect(over).toEqual([]);
  endings.end(run, failed);
  await Promise.resolve();
  expect(over).toEqual([['failed', 'shell', expect.any(Number)]]);
});
