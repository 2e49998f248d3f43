import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Passage, passageAt } from './split-passages.ts';

const halves = /\p{Surrogate}/u;

function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  let start: number | undefined = 0;
  while (start !== undefined) {
    const passage: Passage = passageAt(text, start);
    passages.push(passage);
    start = passage.next;
  }
  return passages;
}

test('a text that is not long is one passage', () => {
  expect(passagesOf('short')).toEqual([{ start: 0, end: 5, next: undefined }]);
  expect(passagesOf('x'.repeat(1_000))).toHaveLength(1);
});

test('whatever the text, nothing is skipped, no passage is long, and no character is cut', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 50 }),
    fc.constantFrom('\n\n', '\n', '. ', '。', ' ', '😀😀😀', 'x'.repeat(300)),
  );
  const texts = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      let reached = 0;
      for (const { start, end } of passagesOf(text)) {
        expect(start).toBeLessThanOrEqual(reached);
        expect(end - start).toBeLessThanOrEqual(1_000);
        if (end < text.length) expect(end).toBeGreaterThan(reached);
        if (!halves.test(text)) expect(text.slice(start, end)).not.toMatch(halves);
        reached = end;
      }
      expect(reached).toBe(text.length);
    }),
  );
});

test('it ends at a paragraph, or else at a sentence', () => {
  const paragraph = `${'word '.repeat(150)}\n\n${'more '.repeat(150)}`;
  expect(passageAt(paragraph, 0).end).toBe(752);
  const sentences = `${'word '.repeat(160)}end. ${'more '.repeat(150)}`;
  expect(sentences.slice(0, passageAt(sentences, 0).end)).toMatch(/end\.$/);
});

test('the next one begins a little before', () => {
  const { end, next = 0 } = passageAt('word '.repeat(500), 0);
  expect(next).toBeLessThan(end);
  expect(end - next).toBeLessThanOrEqual(120);
});
