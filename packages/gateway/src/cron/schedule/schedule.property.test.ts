import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';
import { clockMinutes, everyTime, type MadeField, textOf, ZoneOffsets } from './test-oracle.ts';

/** With changes of an hour and of half an hour, at night and at midnight, in the north, the south, and none. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/Santiago',
  'Africa/Casablanca',
  'Pacific/Chatham',
];

/** From before a change of the clocks until after it, in each of them. */
const stretches = [
  Date.UTC(2026, 2, 7, 12),
  Date.UTC(2026, 2, 28, 12),
  Date.UTC(2026, 3, 4, 0),
  Date.UTC(2026, 8, 5, 12),
  Date.UTC(2026, 8, 26, 0),
  Date.UTC(2026, 9, 3, 0),
  Date.UTC(2026, 9, 24, 12),
  Date.UTC(2026, 9, 31, 12),
  Date.UTC(2028, 1, 28, 0),
];
const stretchMs = 2 * 24 * 3600_000;

const numbers = (from: number, to: number, step = 1): number[] => {
  const all: number[] = [];
  for (let n = from; n <= to; n += step) all.push(n);
  return all;
};

/** A field with values from `min` to `max`. @param shown how a value is written */
function field(
  min: number,
  max: number,
  shown: (n: number) => string = String,
): fc.Arbitrary<MadeField> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map((pair): [number, number] => {
    const [a, b] = pair;
    return a < b ? [a, b] : [b, a];
  });
  const step = fc.integer({ min: 2, max: Math.min(20, max - min) });
  const closed = (text: string, values: number[]): MadeField => ({
    text,
    values: new Set(values),
    open: false,
  });
  const opened = (text: string, values: number[]): MadeField => ({
    ...closed(text, values),
    open: true,
  });
  return fc.oneof(
    fc.constant(opened('*', numbers(min, max))),
    step.map((n) => opened(`*/${n}`, numbers(min, max, n))),
    value.map((n) => closed(shown(n), [n])),
    fc
      .uniqueArray(value, { minLength: 2, maxLength: 4 })
      .map((all) => closed(all.map(shown).join(','), all)),
    range.map(([a, b]) => closed(`${shown(a)}-${shown(b)}`, numbers(a, b))),
    fc.tuple(range, step).map(([[a, b], n]) => opened(`${a}-${b}/${n}`, numbers(a, b, n))),
  );
}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const dayNames = 'SUN MON TUE WED THU FRI SAT SUN'.split(' ');

const weekDay = fc
  .oneof(
    field(0, 7),
    field(0, 7, (n) => dayNames[n] ?? ''),
  )
  // Both 0 and 7 are Sunday.
  .map((made) => ({ ...made, values: new Set([...made.values].map((n) => n % 7)) }))
  // As a name they are one: a range of names from Sunday to Sunday is written with a number nowhere.
  .filter(({ text }) => text !== 'SUN-SUN');
const anyField: fc.Arbitrary<MadeField> = fc.constant({
  text: '*',
  values: new Set(numbers(0, 31)),
  open: true,
});

const expression = fc.record({
  minute: field(0, 59),
  // Around the hours when clocks change, more often than not.
  hour: fc
    .oneof({ weight: 2, arbitrary: field(0, 3) }, field(0, 23))
    .map((made) => (made.text.includes('*') ? { ...made, values: hours(made.text) } : made)),
  day: fc.oneof({ weight: 2, arbitrary: anyField }, field(1, 31)),
  month: fc.oneof(
    { weight: 3, arbitrary: anyField },
    field(1, 12),
    field(1, 12, (n) => monthNames[n - 1] ?? ''),
  ),
  weekDay: fc.oneof({ weight: 2, arbitrary: anyField }, weekDay),
});

const hours = (text: string): Set<number> =>
  new Set(numbers(0, 23, Number(text.split('/')[1] ?? 1)));

test('a thousand expressions in twelve zones name the times that looking at each minute finds', () => {
  const minutes = zones.map((zone) => {
    const offsets = new ZoneOffsets(zone);
    return stretches.map((fromMs) => clockMinutes(offsets, fromMs, fromMs + stretchMs));
  });
  let compared = 0;
  fc.assert(
    fc.property(expression, fc.nat({ max: stretches.length - 1 }), (made, place) => {
      const fromMs = stretches[place] ?? 0;
      for (const [index, zone] of zones.entries()) {
        const parsed = parseSchedule(textOf(made), zone);
        if (parsed.kind === 'fault') {
          expect(parsed.message).toBe('names a day that never comes');
          continue;
        }
        const expected = everyTime(made, minutes[index]?.[place] ?? []);
        const found: number[] = [];
        // Of one that comes every minute, the first are enough.
        for (let ms = fromMs - 1; found.length < 20; ) {
          const next = parsed.schedule.next(ms);
          if (next === undefined || next > fromMs + stretchMs) break;
          found.push(next);
          ms = next;
        }
        const readable = (all: number[]) => all.map((ms) => new Date(ms).toISOString());
        expect(readable(found), `${textOf(made)} in ${zone}`).toEqual(
          readable(expected.slice(0, 20)),
        );
        compared += 1;
      }
    }),
    { numRuns: 1_000 },
  );
  expect(compared).toBeGreaterThan(10_000);
}, 300_000);

test('the last time before a moment is the one after which that moment comes', () => {
  fc.assert(
    fc.property(expression, fc.constantFrom(...zones), fc.nat(10 ** 9), (made, zone, seconds) => {
      const parsed = parseSchedule(textOf(made), zone);
      if (parsed.kind === 'fault') return;
      const first = parsed.schedule.next(Date.UTC(2026, 0, 1) + seconds * 1000);
      if (first === undefined) return;
      expect(parsed.schedule.last(first)).toBe(first);
      const second = parsed.schedule.next(first);
      if (second === undefined) return;
      expect(parsed.schedule.last(second - 1)).toBe(first);
    }),
    { numRuns: 300 },
  );
}, 60_000);
