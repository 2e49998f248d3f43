import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { RateLimit } from './rate-limit.ts';

test('a minute’s worth at once, then one as each comes in', () => {
  const clock = new TestClock();
  const limit = new RateLimit(3, clock);
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 0]);
  expect(limit.take('a')).toBe(20_000);
  expect(limit.take('b')).toBe(0);
  clock.advance(19_999);
  expect(limit.waitMs('a')).toBe(1);
  clock.advance(1);
  expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(20_000);
});

test('what is refused costs nothing, and what is not spent does not add up', () => {
  const clock = new TestClock();
  const limit = new RateLimit(1, clock);
  limit.take('a');
  for (let n = 0; n < 5; n += 1) expect(limit.take('a')).toBe(60_000);
  clock.advance(3_600_000);
  expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(60_000);
});

test('those who make up ever new keys cost no more memory', () => {
  const limit = new RateLimit(1, new TestClock(), 100);
  for (let n = 0; n < 10_000; n += 1) limit.take(`key ${n}`);
  expect(limit.size).toBe(100);
  expect(limit.take('key 9999')).toBeGreaterThan(0);
});
