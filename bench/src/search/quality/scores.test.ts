import { expect, test } from 'vitest';
import type { CorpusQuery } from '../corpus/corpus.ts';
import { type Answered, scoreClasses } from './scores.ts';

const query = (name: CorpusQuery['class'], relevant: CorpusQuery['relevant']): CorpusQuery => ({
  id: 'q',
  class: name,
  over: 'chat',
  text: 'what',
  relevant,
});

test('a class has the mean of its queries, and all have the mean of all', () => {
  const answered: Answered[] = [
    {
      query: query('date', { a: 3 }),
      ranked: { text: ['a'], vector: ['x', 'a'], hybrid: ['a', 'x'] },
    },
    { query: query('date', { a: 1, b: 1 }), ranked: { text: [], vector: ['a'], hybrid: ['a'] } },
    { query: query('code', { c: 2 }), ranked: { text: ['c'], vector: [], hybrid: ['c'] } },
  ];
  const scores = scoreClasses(answered);
  const date = scores.find(({ name }) => name === 'date');
  expect(date?.queries).toBe(2);
  expect(date?.scores.text).toEqual({ ndcg: 0.5, recall: 0.5 });
  // (1/log2(3) + 1/(1 + 1/log2(3))) / 2 = (0.630930 + 0.613147) / 2
  expect(date?.scores.vector.ndcg).toBeCloseTo(0.622038, 6);
  expect(date?.scores.vector.recall).toBe(0.75);
  const all = scores.at(-1);
  expect(all?.name).toBe('all');
  expect(all?.scores.text.recall).toBeCloseTo(2 / 3, 10);
});
