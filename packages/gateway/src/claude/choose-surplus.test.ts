import { expect, test } from 'vitest';
import { chooseSurplus } from './choose-surplus.ts';

const session = (key: string, lastUsedMs: number, bytes = 100, busy = false) => ({
  key,
  lastUsedMs,
  bytes,
  busy,
});

test('what fits stays', () => {
  expect(chooseSurplus([session('a', 1), session('b', 2)], 200)).toEqual([]);
});

test('the one used longest ago goes first, and no more than needed', () => {
  expect(chooseSurplus([session('new', 3), session('old', 1), session('middle', 2)], 200)).toEqual([
    'old',
  ]);
  expect(chooseSurplus([session('new', 3), session('old', 1), session('middle', 2)], 100)).toEqual([
    'old',
    'middle',
  ]);
});

test('a busy one is never closed, but counts', () => {
  expect(
    chooseSurplus([session('busy', 1, 500, true), session('a', 2), session('b', 3)], 300),
  ).toEqual(['a']);
});

test('the last one used stays, however large', () => {
  expect(chooseSurplus([session('only', 1, 9999)], 100)).toEqual([]);
});
