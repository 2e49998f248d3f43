import { expect, test } from 'vitest';
import { jitterOf } from './jitter.ts';

const hour = 3600_000;

test('an occurrence is always as late, and others are not', () => {
  const all = Array.from({ length: 200 }, (_, n) => jitterOf(1, n * hour, 60, hour));
  expect(all).toEqual(Array.from({ length: 200 }, (_, n) => jitterOf(1, n * hour, 60, hour)));
  expect(new Set(all).size).toBeGreaterThan(40);
  expect(Math.max(...all)).toBeLessThanOrEqual(60_000);
  expect(jitterOf(2, 0, 60, hour)).not.toBe(jitterOf(1, 0, 60, hour));
});

test('it is due before the next one, and nothing is changed where nothing is asked for', () => {
  for (let n = 0; n < 100; n += 1)
    expect(jitterOf(1, n * 60_000, 3600, 60_000)).toBeLessThan(60_000);
  expect(jitterOf(1, 0, 0, hour)).toBe(0);
  expect(jitterOf(1, 0, 10, 1_000)).toBe(0);
});
