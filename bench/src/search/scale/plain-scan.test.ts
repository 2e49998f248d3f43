import { expect, test } from 'vitest';
import { exactNearest } from './exact-scan.ts';
import { manyQueries, manyRows } from './many-rows.ts';
import { PlainScan } from './plain-scan.ts';
import { SyntheticVectors } from './synthetic-vectors.ts';

const vectors = new SyntheticVectors();
const embed = (text: string): Float32Array => vectors.embed(text);
const sentences = ['The cat sleeps.', '猫在睡觉。', 'Where is the key?', '今天下雨。'];
const texts = [...manyRows(400, sentences, new Date('2026-01-01T00:00:00Z'))];

test('the plain scan of sqlite-vec and the scan by hand find the same', () => {
  const plain = new PlainScan(':memory:');
  try {
    plain.fill(texts, embed);
    const placed = texts.map(({ id, content }) => ({ id, vector: embed(content) }));
    for (const query of manyQueries(10, sentences, 7)) {
      const vector = embed(query);
      expect(plain.nearest(vector, 10)).toEqual(exactNearest(placed, vector, 10));
    }
  } finally {
    plain.close();
  }
});

test('rows are of two bots, one of which owns a hundredth, and no text stands there twice', () => {
  expect(texts.filter(({ botId }) => botId === 'small')).toHaveLength(4);
  expect(new Set(texts.map(({ content }) => content)).size).toBe(texts.length);
});
