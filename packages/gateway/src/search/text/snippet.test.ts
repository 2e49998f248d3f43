import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queryTerms } from './match-expression.ts';
import { snippetOf } from './snippet.ts';
import { Tokenizer } from './tokens.ts';

const tokenizer = new Tokenizer();
const snippet = (text: string, query: string, start = 0, end = text.length) =>
  snippetOf(tokenizer, text, { start, end }, new Set(queryTerms(tokenizer, query)));
const marked = (text: string, query: string): string[] => {
  const { text: shown, marks } = snippet(text, query);
  return marks.map(({ start, end }) => shown.slice(start, end));
};

const halves = /\p{Surrogate}/u;

test('what was looked for is marked, in whatever form', () => {
  expect(marked('Connecting a wire, connected', 'connection')).toEqual(['Connecting', 'connected']);
  expect(marked('Le CAFÉ', 'cafe')).toEqual(['CAFÉ']);
  expect(marked('今天在公园看见了松鼠', '公园 松鼠')).toEqual(['公园', '松鼠']);
  expect(marked('getUserName', 'user')).toEqual(['User']);
});

test('of a long text, the part where most of it stands together', () => {
  const text = `red. ${'filler '.repeat(80)}a red balloon flies. ${'filler '.repeat(80)}`;
  const { text: shown, cut_before, cut_after } = snippet(text, 'red balloon');
  expect(shown).toContain('a red balloon flies');
  expect(shown.length).toBeLessThanOrEqual(240);
  expect({ cut_before, cut_after }).toEqual({ cut_before: true, cut_after: true });
});

test('of a passage, nothing outside of it', () => {
  const text = 'before inside after';
  expect(snippet(text, 'inside', 7, 13)).toEqual({
    text: 'inside',
    marks: [{ start: 0, end: 6 }],
    cut_before: true,
    cut_after: true,
  });
});

test('whatever the text, marks lie within it, in order, and no character is cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 600 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      (text, query) => {
        const { text: shown, marks } = snippet(`${text} ${query}`, query);
        let reached = -1;
        for (const { start, end } of marks) {
          expect(start).toBeGreaterThan(reached);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(shown.length);
          reached = end;
        }
        if (!halves.test(text)) expect(shown).not.toMatch(halves);
      },
    ),
  );
});
