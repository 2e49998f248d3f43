import { expect, test } from 'vitest';
import { costOfTurn } from './turn-sessions.ts';

test.each([
  ['the first turn', 0, 0.5, 0.5],
  ['a further one', 0.5, 0.75, 0.25],
  ['one that cost nothing', 0.5, 0.5, 0],
  ['one whose conversation is counted anew', 0.75, 0.25, 0.25],
])('%s: from %d to %d is %d', (_what, before, total, cost) => {
  expect(costOfTurn(before, total)).toBe(cost);
});
