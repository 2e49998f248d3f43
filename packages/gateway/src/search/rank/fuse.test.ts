import { describe, expect, test } from 'vitest';
import { type Candidates, fuse, type TextFound, type VectorFound } from './fuse.ts';

const text = (row: number, bm25: number, terms: number): TextFound => ({
  row,
  start: 0,
  end: 10,
  bm25,
  terms,
});
const vector = (row: number, distance: number): VectorFound => ({
  row,
  start: 20,
  end: 30,
  distance,
});
const rowsOf = (candidates: Candidates, mode: 'hybrid' | 'text' | 'vector' = 'hybrid'): number[] =>
  fuse(candidates, mode).map(({ row }) => row);

describe('both lists', () => {
  test('what both found comes first, and each row once', () => {
    const found = {
      text: [text(1, -5, 2), text(2, -4, 2)],
      vector: [vector(3, 0.2), vector(2, 0.3)],
      terms: 2,
    };
    const ranked = rowsOf(found);
    expect(ranked[0]).toBe(2);
    expect(ranked.toSorted()).toEqual([1, 2, 3]);
  });

  test('a row that has one of many words does not outweigh a meaning', () => {
    const found = {
      text: [text(1, -3, 1), text(2, -2, 1)],
      vector: [vector(3, 0.2), vector(4, 0.3)],
      terms: 6,
    };
    expect(rowsOf(found).slice(0, 2)).toEqual([3, 4]);
  });

  test('one that has all of the words does', () => {
    const found = { text: [text(1, -9, 3)], vector: [vector(2, 0.4), vector(3, 0.5)], terms: 3 };
    expect(rowsOf(found)[0]).toBe(1);
  });

  test('each says where it stood, and what it was multiplied by', () => {
    const found = {
      text: [text(1, -5, 2)],
      vector: [vector(2, 0.1), vector(1, 0.4)],
      terms: 2,
      ageDays: () => 30,
    };
    const [first] = fuse(found, 'hybrid');
    expect(first).toMatchObject({
      row: 1,
      start: 0,
      end: 10,
      explain: {
        text: { rank: 1, bm25: -5, terms: 2 },
        vector: { rank: 2, distance: 0.4 },
        recency: 1.025,
      },
    });
    expect(first?.explain.score).toBeCloseTo((1.5 / 61 + 1 / 62) * 1.025, 5);
  });
});

describe('one list', () => {
  const found = { text: [text(1, -5, 1)], vector: [vector(2, 0.3)], terms: 4 };

  test('by words alone, by meaning alone', () => {
    expect(rowsOf(found, 'text')).toEqual([1]);
    expect(rowsOf(found, 'vector')).toEqual([2]);
  });

  test('of equals, the newest row comes first; of two that stand close, the recent one', () => {
    const equal = { text: [], vector: [vector(1, 0.3)], terms: 1 };
    expect(rowsOf(equal, 'vector')).toEqual([1]);
    const close = {
      text: [],
      vector: [vector(1, 0.3), vector(2, 0.31)],
      terms: 1,
      ageDays: (row: number) => (row === 1 ? 1_000 : 0),
    };
    expect(rowsOf(close, 'vector')).toEqual([2, 1]);
    expect(rowsOf({ ...close, ageDays: () => 5 }, 'vector')).toEqual([1, 2]);
  });
});

test('distances are between 0 and 2, and never shrink', () => {
  const found = {
    text: [text(1, -8, 3), text(2, -0.001, 1), text(3, -1e-9, 1)],
    vector: [vector(4, -1e-7), vector(1, 0.9), vector(5, 2.000001)],
    terms: 3,
  };
  for (const mode of ['hybrid', 'text', 'vector'] as const) {
    const distances = fuse(found, mode).map(({ distance }) => distance);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...distances)).toBeLessThanOrEqual(2);
  }
});

test('nothing found is nothing', () => {
  expect(fuse({ text: [], vector: [], terms: 0 }, 'hybrid')).toEqual([]);
});
