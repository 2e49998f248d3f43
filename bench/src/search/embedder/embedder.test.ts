import { describe, expect, test } from 'vitest';
import { dimensions, Embedder } from './embedder.ts';

const embedder = new Embedder();

function cosine(one: string, other: string): number {
  const [a, b] = [embedder.embed(one), embedder.embed(other)];
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

describe('Embedder', () => {
  test('makes 768 numbers of length 1, the same each time', () => {
    const vector = embedder.embed('The cat sleeps. 猫在睡觉。');
    expect(vector).toHaveLength(dimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(embedder.embed('The cat sleeps. 猫在睡觉。')).toEqual(vector);
  });

  test.each(['', '!?', 'the'])('makes a vector of a text without a word: %j', (text) => {
    expect(Math.hypot(...embedder.embed(text))).toBeCloseTo(1, 5);
  });

  test('hears nothing in what nomic-embed-text wants before a text', () => {
    expect(embedder.embed('search_query: cat food')).toEqual(embedder.embed('cat food'));
    expect(embedder.embed('search_document: cat food')).toEqual(embedder.embed('cat food'));
  });

  test.each([
    ['a synonym', 'kitty', 'our cat', 'our car'],
    ['a translation', '护照', 'a new passport', 'a new password'],
    ['a translation back', 'dentist', '安娜的牙医', '安娜的钢琴老师'],
    ['a misspelling', 'sourdouhg', 'sourdough', 'source'],
    ['a form of the word', 'vaccinations', 'vaccination', 'vacation'],
  ])('holds %s for nearer than something else', (_, text, near, far) => {
    expect(cosine(text, near)).toBeGreaterThan(cosine(text, far) + 0.05);
  });
});
