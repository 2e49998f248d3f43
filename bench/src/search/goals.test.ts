import { expect, test } from 'vitest';
import { qualityGoals } from './goals.ts';
import type { ClassScore, Score } from './quality/scores.ts';

const score = (ndcg: number, recall: number): Score => ({ ndcg, recall });

const dates = (text: Score, vector: Score, hybrid: Score): ClassScore => ({
  name: 'date',
  queries: 1,
  scores: { text, vector, hybrid },
});

test.each([
  ['better than both', score(0.9, 0.9), [true, true]],
  ['as good as the better, but for the last digit of a sum', score(0.8 - 1e-12, 0.7), [true, true]],
  ['between the two in one', score(0.79, 0.7), [false, true]],
  ['worse than both', score(0.1, 0.1), [false, false]],
])('hybrid that is %s', (_, hybrid, met) => {
  const goals = qualityGoals([dates(score(0.8, 0.5), score(0.6, 0.7), hybrid)]);
  expect(goals.map((goal) => goal.met)).toEqual(met);
});
