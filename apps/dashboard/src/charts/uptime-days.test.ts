import { expect, test } from 'vitest';
import { sampleMetrics } from '../sample/sample-metrics.ts';
import { uptimeDays } from './uptime-days.ts';

const stale = 15 * 60_000;
const noon = Date.parse('2026-11-27T12:00:00.000Z');
const look = (since: string, days: Record<string, number>, lastMs: number, nowMs = noon) =>
  uptimeDays({ uptime: { since, days }, metrics: sampleMetrics(lastMs) }, nowMs, stale, 3);

test('days are shares of what is known of them: the first from its first push, today until the last', () => {
  const found = look(
    '2026-11-26T18:00:00.000Z',
    { '2026-11-26': 3 * 3600, '2026-11-27': 11 * 3600 },
    noon - 3600_000 / 4,
  );
  expect(found.days).toEqual([
    { date: '2026-11-25', percent: undefined },
    { date: '2026-11-26', percent: 50 },
    { date: '2026-11-27', percent: expect.closeTo((100 * 11) / 11.75) },
  ]);
  expect(found.overall).toBeCloseTo((100 * 14) / 17.75);
  expect(found.known).toBe(2);
});

test('once no push comes any more, that time counts as down', () => {
  const found = look('2026-11-27T00:00:00.000Z', { '2026-11-27': 6 * 3600 }, noon - 6 * 3600_000);
  expect(found.overall).toBeCloseTo(50);
});

test('a day without any push is down, not unknown', () => {
  const found = look('2026-11-20T00:00:00.000Z', {}, noon - 5 * 24 * 3600_000);
  expect(found.days.map(({ percent }) => percent)).toEqual([0, 0, 0]);
});
