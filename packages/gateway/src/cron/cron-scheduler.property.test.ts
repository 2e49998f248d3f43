import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { madeExpression, zones } from './schedule/test-expressions.ts';
import { clockMinutes, everyTime, textOf, ZoneOffsets } from './schedule/test-oracle.ts';
import { cronHouse } from './test-cron-house.ts';

const minute = 60_000;
const hour = 60 * minute;
const expressions = 1_000;
const stretchMs = 12 * hour;
/** One that comes more often is compared by its parser's own test: here each is a transaction. */
const most = 24;

/** The middle of a stretch in which the zone's clocks change, in 2026; of one where they never do, some night. */
function changeIn(offsets: ZoneOffsets): number {
  const from = Date.UTC(2026, 1, 1);
  for (let ms = from; ms < from + 365 * 24 * hour; ms += hour)
    if (offsets.at(ms) !== offsets.at(ms + hour)) return ms;
  return Date.UTC(2026, 1, 28, 22);
}

test.each(zones)(
  'the scheduler runs each occurrence of a thousand expressions once, where clocks change in %s',
  (timezone) => {
    const offsets = new ZoneOffsets(timezone);
    const fromMs = changeIn(offsets) - stretchMs / 2;
    const minutes = clockMinutes(offsets, fromMs + minute, fromMs + stretchMs);
    const clock = new TestClock(fromMs);
    const house = cronHouse({ clock });
    const jobs = fc.sample(madeExpression, { numRuns: expressions }).flatMap((made) => {
      const expected = everyTime(made, minutes);
      if (expected.length > most) return [];
      const id = house.add({ cron_expression: textOf(made), timezone });
      return [{ id, text: textOf(made), expected }];
    });
    house.scheduler.start();
    clock.advance(stretchMs);
    let compared = 0;
    for (const { id, text, expected } of jobs) {
      const rows = house.rows(id);
      const times = rows.map(({ scheduled_at_ms }) => scheduled_at_ms);
      expect(times, `${text} in ${timezone}`).toEqual(expected);
      for (const { state, begun_at_ms, scheduled_at_ms } of rows)
        expect([state, begun_at_ms]).toEqual(['succeeded', scheduled_at_ms]);
      compared += expected.length;
    }
    expect(jobs.length).toBeGreaterThan(expressions / 2);
    expect(compared).toBeGreaterThan(200);
    house.database.close();
  },
  60_000,
);
