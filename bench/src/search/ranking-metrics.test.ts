import { describe, expect, test } from 'vitest';
import { ndcg, recall } from './ranking-metrics.ts';

describe('ndcg', () => {
  const judged = { a: 3, b: 2, c: 1 };
  // Ideal: 7/log2(2) + 3/log2(3) + 1/log2(4) = 7 + 1.892789 + 0.5
  const ideal = 9.392789;

  test('is 1 for the best order, and for what follows it', () => {
    expect(ndcg(['a', 'b', 'c', 'x', 'y'], judged, 10)).toBe(1);
  });

  test.each([
    // 1/log2(2) + 3/log2(3) + 7/log2(4) = 1 + 1.892789 + 3.5
    ['the worst order of three', ['c', 'b', 'a'], 6.392789],
    // 0 + 7/log2(3) + 0 + 3/log2(5) = 4.416508 + 1.292030
    ['others between them', ['x', 'a', 'y', 'b'], 5.708538],
    ['none of them', ['x', 'y'], 0],
    ['no results', [], 0],
  ])('is what was computed by hand for %s', (_, ranked, dcg) => {
    expect(ndcg(ranked, judged, 10)).toBeCloseTo(dcg / ideal, 6);
  });

  test('looks at k results, also for the ideal', () => {
    expect(ndcg(['a', 'x', 'b'], judged, 1)).toBe(1);
    // Ideal of two: 7 + 3/log2(3) = 8.892789; found: 7.
    expect(ndcg(['a', 'x', 'b'], judged, 2)).toBeCloseTo(7 / 8.892789, 6);
  });

  test('does not judge without judgements', () => {
    expect(() => ndcg(['a'], {}, 10)).toThrow(RangeError);
  });
});

describe('recall', () => {
  const relevant = new Set(['a', 'b', 'c', 'd']);

  test.each([
    ['all of them', ['a', 'b', 'c', 'd'], 10, 1],
    ['three of four, with others', ['x', 'a', 'b', 'y', 'c'], 10, 0.75],
    ['those among the first k only', ['x', 'a', 'b', 'c'], 2, 0.25],
    ['none', ['x'], 10, 0],
  ])('is what was computed by hand for %s', (_, ranked, k, share) => {
    expect(recall(ranked, relevant, k)).toBe(share);
  });

  test('does not judge without anything relevant', () => {
    expect(() => recall(['a'], new Set(), 10)).toThrow(RangeError);
  });
});
