import { expect, test } from 'vitest';
import { dayBefore, dayIn, weekOf } from './days.ts';

test('the day is that of the zone', () => {
  const late = Date.parse('2026-03-01T23:30:00Z');
  expect(dayIn('Asia/Shanghai', late)).toBe('2026-03-02');
  expect(dayIn('America/Los_Angeles', late)).toBe('2026-03-01');
  expect(dayBefore('2026-03-02', 30)).toBe('2026-01-31');
});

test.each([
  ['2026-01-01', '2026-W01'],
  ['2025-12-29', '2026-W01'],
  ['2027-01-03', '2026-W53'],
  ['2027-01-04', '2027-W01'],
  ['2026-03-01', '2026-W09'],
  ['2026-03-02', '2026-W10'],
])('%s is in the week %s', (day, week) => {
  expect(weekOf(day)).toBe(week);
});
