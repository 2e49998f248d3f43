import { expect, test } from 'vitest';
import { chooseSurplus } from './choose-surplus.ts';

const session = (key: string, lastUsedMs: number, bytes = 100, busy = false) => ({
  key,
  lastUsedMs,
  bytes,
  busy,
});

const chosen = (sessions: Parameters<typeof chooseSurplus>[0], limit: number): string[] =>
  chooseSurplus(sessions, limit).map(({ key }) => key);

test('what fits stays', () => {
  expect(chosen([session('a', 1), session('b', 2)], 200)).toEqual([]);
});

test('the one used longest ago goes first, and no more than needed', () => {
  expect(chosen([session('new', 3), session('old', 1), session('middle', 2)], 200)).toEqual([
    'old',
  ]);
  expect(chosen([session('new', 3), session('old', 1), session('middle', 2)], 100)).toEqual([
    'old',
    'middle',
  ]);
});

test('a busy one is never closed, but counts', () => {
  expect(chosen([session('busy', 1, 500, true), session('a', 2), session('b', 3)], 300)).toEqual([
    'a',
  ]);
});

test('the last one used stays, however large', () => {
  expect(chosen([session('only', 1, 9999)], 100)).toEqual([]);
});
