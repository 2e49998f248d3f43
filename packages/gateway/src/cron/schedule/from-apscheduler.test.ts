import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromApscheduler } from './from-apscheduler.ts';
import { parseSchedule } from './schedule.ts';

test.each([
  ['0 3 * * *', '0 3 * * *'],
  ['0 9 * * 0', '0 9 * * MON'],
  ['0 9 * * 6', '0 9 * * SUN'],
  ['0 9 * * 0-4', '0 9 * * MON-FRI'],
  ['0 9 * * 4-6', '0 9 * * FRI-SUN'],
  ['0 9 * * 5,6', '0 9 * * SAT,SUN'],
  ['0 9 * * */2', '0 9 * * MON,WED,FRI,SUN'],
  ['0 9 * * 1/2', '0 9 * * TUE,THU,SAT'],
  ['0 9 * * 0-4/2', '0 9 * * MON,WED,FRI'],
  ['0 9 * * mon', '0 9 * * MON'],
  ['0 9 * * sat-sun', '0 9 * * SAT-SUN'],
  ['0 9 1-7 * 0', '0 9 1-7 * +MON'],
  ['0 9 last * *', '0 9 L * *'],
  ['5/10 * * * *', '5-59/10 * * * *'],
  // None of that system's: left for the parser to refuse, or to take.
  ['0 9 * * 7', '0 9 * * 7'],
  ['@daily', '@daily'],
  ['nonsense', 'nonsense'],
])('%s becomes %s', (old, now) => {
  expect(fromApscheduler(old)).toBe(now);
});

const dayMs = 24 * 3600_000;
const item = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min, max }).map((n) => ({ text: `${n}`, has: (v: number) => v === n })),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .filter(([a, b]) => a < b)
      .map(([a, b]) => ({ text: `${a}-${b}`, has: (v: number) => v >= a && v <= b })),
    fc
      .integer({ min: 2, max: 4 })
      .map((n) => ({ text: `*/${n}`, has: (v: number) => (v - min) % n === 0 })),
    fc.constant({ text: '*', has: () => true }),
  );

test('a job that is taken over runs on the days that it did', () => {
  fc.assert(
    fc.property(item(1, 31), item(1, 12), item(0, 6), (day, month, weekDay) => {
      const converted = fromApscheduler(`0 12 ${day.text} ${month.text} ${weekDay.text}`);
      const parsed = parseSchedule(converted, 'UTC');
      const noon = Date.UTC(2026, 0, 1, 12);
      for (let ms = noon; ms < noon + 400 * dayMs; ms += dayMs) {
        const date = new Date(ms);
        // As the old system went by them: Monday is 0, and a day has to fit both fields.
        const ran =
          day.has(date.getUTCDate()) &&
          month.has(date.getUTCMonth() + 1) &&
          weekDay.has((date.getUTCDay() + 6) % 7);
        const runs = parsed.kind === 'schedule' && parsed.schedule.next(ms - 1) === ms;
        expect(runs, `${converted} on ${date.toISOString()}`).toBe(ran);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
