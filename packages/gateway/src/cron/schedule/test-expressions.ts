import fc from 'fast-check';
import type { MadeField } from './test-oracle.ts';

/** With changes of an hour and of half an hour, at night and at midnight, in the north, the south, and none. */
export const zones = [
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

/** Expressions with all that five fields take, and the values that each field stands for. */
export const madeExpression = fc.record({
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
