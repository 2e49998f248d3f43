import { atLeast, atMost, type Goal } from '../result.ts';
import { quantile } from '../statistics.ts';
import type { ClassScore, Score } from './quality/scores.ts';
import type { ScaleRun } from './scale/measure-scale.ts';

const longestBlockedMs = 20;

/** Hybrid search is at least as good as the better of the other two, in each class; in hundredths. */
export const qualityGoals = (scores: readonly ClassScore[]): Goal[] =>
  scores.flatMap(({ name, scores: { text, vector, hybrid } }) =>
    (['ndcg', 'recall'] as const).map((key) => {
      const value =
        hundredths(hybrid, key) - Math.max(hundredths(text, key), hundredths(vector, key));
      const metric = key === 'ndcg' ? 'nDCG@10' : 'recall@10';
      const label = `${name}: hybrid over the better of text and vector, ${metric}`;
      return atLeast({ text: label, value, limit: 0, unit: 'points' });
    }),
  );

/** Without the last digits, in which the same sum may differ by the order of its parts. */
const hundredths = (score: Score, key: keyof Score): number => Math.round(score[key] * 1e8) / 1e6;

/** What is promised with many rows, by this run's own figures. */
export function scaleGoals({ searches, catchUp }: ScaleRun): Goal[] {
  const { before, during } = catchUp;
  const { times } = searches;
  const p95 = (samples: readonly number[]): number => quantile(samples, 0.95);
  const p50 = (samples: readonly number[]): number => quantile(samples, 0.5);
  return [
    atMost({
      text: 'search by vector ÷ plain scan, all rows, p95',
      value: p95(times.vector) / p95(times.plain),
      limit: 1 / 3,
      unit: '×',
    }),
    atMost({
      text: 'hybrid search ÷ plain scan, all rows, p95',
      value: p95(times.hybrid) / p95(times.plain),
      limit: 1 / 3,
      unit: '×',
    }),
    atLeast({
      text: 'recall@10 of it against the plain scan, mean',
      value: mean(searches.recallOfAll) * 100,
      limit: 95,
      unit: '%',
    }),
    atLeast({
      text: 'recall@10 of a bot with 1 % against an exact scan of its rows, mean',
      value: mean(searches.recallOfSmall) * 100,
      limit: 98,
      unit: '%',
    }),
    atMost({
      text: 'event loop blocked while searching, longest',
      value: searches.blocked.max,
      limit: longestBlockedMs,
      unit: 'ms',
    }),
    atMost({
      text: 'storing a message while rows are embedded, p95',
      value: p95(during.inserts),
      limit: 1,
      unit: 'ms',
    }),
    atMost({
      text: 'added to a warm turn while rows are embedded: first text, p50',
      value: p50(during.turns) - p50(before.turns),
      limit: 10,
      unit: 'ms',
    }),
    atMost({
      text: 'event loop blocked while rows are embedded, longest',
      value: during.blocked.max,
      limit: longestBlockedMs,
      unit: 'ms',
    }),
  ];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
