import { describe, expect, test } from 'vitest';
import { sampleMetrics } from '../sample/sample-metrics.ts';
import type { DashboardState } from '../store/dashboard-state.ts';
import { foldPush } from './fold-push.ts';

const minute = 60_000;
const stale = 15 * minute;
const noon = Date.parse('2026-11-27T12:00:00.000Z');

const sample = sampleMetrics(noon);

/** What is kept after pushes at these times. */
const after = (...times: readonly number[]): DashboardState => {
  let state: DashboardState | undefined;
  for (const at of times) {
    const timestamp = new Date(at).toISOString();
    state = foldPush(state, { ...sample, timestamp }, at, stale);
  }
  return state ?? expect.unreachable();
};
const every = (minutes: number, count: number, from = noon): number[] =>
  Array.from({ length: count }, (_, n) => from + n * minutes * minute);

describe('samples', () => {
  test('every five minutes of a day are kept, and no more', () => {
    const { samples } = after(...every(5, 400));
    expect(samples).toHaveLength(288);
    expect(samples.at(-1)).toEqual([(noon + 399 * 5 * minute) / minute, 23.4, 40.4, 43]);
  });

  test('pushes that come close together are thinned, and the newest is there', () => {
    const { samples } = after(...every(1, 61));
    expect(samples.map(([at]) => at - noon / minute)).toEqual([
      ...Array.from({ length: 16 }, (_, n) => n * 4),
    ]);
  });
});

describe('uptime', () => {
  test('counts what lies between two pushes, by day', () => {
    const evening = Date.parse('2026-11-27T23:50:00.000Z');
    expect(after(...every(5, 5, evening)).uptime).toEqual({
      since: '2026-11-27T23:50:00.000Z',
      days: { '2026-11-27': 600, '2026-11-28': 600 },
    });
  });

  test('not where they are too far apart', () => {
    const { uptime } = after(noon, noon + 5 * minute, noon + 25 * minute, noon + 40 * minute);
    expect(uptime.days).toEqual({ '2026-11-27': (5 + 15) * 60 });
  });

  test('of 90 days, compactly', () => {
    const { uptime } = after(...every(15, 100 * 96));
    const days = Object.entries(uptime.days);
    expect(days).toHaveLength(90);
    expect(days.slice(0, -1).every(([, seconds]) => seconds === 86_400)).toBe(true);
    expect(JSON.stringify(uptime).length).toBeLessThan(2_000);
  });
});
