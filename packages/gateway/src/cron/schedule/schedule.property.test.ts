import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';
import { madeExpression, zones } from './test-expressions.ts';
import { clockMinutes, everyTime, textOf, ZoneOffsets } from './test-oracle.ts';

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

test('a thousand expressions in twelve zones name the times that looking at each minute finds', () => {
  const minutes = zones.map((zone) => {
    const offsets = new ZoneOffsets(zone);
    return stretches.map((fromMs) => clockMinutes(offsets, fromMs, fromMs + stretchMs));
  });
  let compared = 0;
  fc.assert(
    fc.property(madeExpression, fc.nat({ max: stretches.length - 1 }), (made, place) => {
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
    fc.property(
      madeExpression,
      fc.constantFrom(...zones),
      fc.nat(10 ** 9),
      (made, zone, seconds) => {
        const parsed = parseSchedule(textOf(made), zone);
        if (parsed.kind === 'fault') return;
        const first = parsed.schedule.next(Date.UTC(2026, 0, 1) + seconds * 1000);
        if (first === undefined) return;
        expect(parsed.schedule.last(first)).toBe(first);
        const second = parsed.schedule.next(first);
        if (second === undefined) return;
        expect(parsed.schedule.last(second - 1)).toBe(first);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
