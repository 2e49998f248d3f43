import { expect, test } from 'vitest';
import { Estimates } from './estimates.ts';

test('a figure is read once a minute, each by its name', () => {
  const estimates = new Estimates();
  let reads = 0;
  const read = (): number => {
    reads += 1;
    return reads;
  };
  expect(estimates.at(1_000)('a', read)).toBe(1);
  expect(estimates.at(60_999)('a', read)).toBe(1);
  expect(estimates.at(60_999)('b', read)).toBe(2);
  expect(estimates.at(61_000)('a', read)).toBe(3);
});

test('a clock that was set back does not keep it for longer', () => {
  const estimates = new Estimates();
  expect(estimates.at(1_000_000)('a', () => 1)).toBe(1);
  expect(estimates.at(5_000)('a', () => 2)).toBe(2);
});

test('not more are kept than there is room for', () => {
  const estimate = new Estimates().at(0);
  for (let n = 0; n <= 10_000; n += 1) estimate(`${n}`, () => n);
  expect(estimate('0', () => -1)).toBe(-1);
  expect(estimate('10000', () => -1)).toBe(10_000);
});
