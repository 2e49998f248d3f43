import { expect, test } from 'vitest';
import { dimensions } from '../embedder/embedder.ts';
import { SyntheticVectors } from './synthetic-vectors.ts';

const vectors = new SyntheticVectors();
const texts = Array.from({ length: 400 }, (_, index) => `text number ${index}`);
const embedded = texts.map((text) => vectors.embed(text));

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

test('a vector has 768 numbers and length 1, the same for the same text, for whatever task', () => {
  for (const vector of embedded.slice(0, 5)) {
    expect(vector).toHaveLength(dimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  }
  expect(vectors.embed('search_query: text number 0')).toEqual(embedded[0]);
});

test('the nearest of a text is much nearer than most others are, unlike with noise', () => {
  const gaps = embedded.slice(0, 20).map((vector, index) => {
    const others = embedded.filter((_, other) => other !== index);
    const sorted = others.map((other) => cosine(vector, other)).sort((a, b) => b - a);
    return (sorted[0] ?? 0) - (sorted[Math.floor(sorted.length / 2)] ?? 0);
  });
  expect(gaps.reduce((a, b) => a + b) / gaps.length).toBeGreaterThan(0.15);
});

test('all lie on one side, as with language models', () => {
  const [first, ...others] = embedded;
  expect(first).toBeDefined();
  const cosines = others.map((other) => cosine(first ?? other, other));
  expect(Math.min(...cosines)).toBeGreaterThan(0);
});
