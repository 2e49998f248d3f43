import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Tokenizer } from './tokens.ts';

const tokenizer = new Tokenizer();
const indexed = (text: string): string[] => [...tokenizer.index(text)].map(({ term }) => term);
const asked = (text: string): string[] => [...tokenizer.query(text)].map(({ term }) => term);

test.each([
  ['Hello, World!', ['hello', 'world']],
  ['getUserName2', ['getusername2', 'get', 'user', 'name', '2']],
  ['HTTPServer', ['httpserver', 'http', 'server']],
  ['snake_case', ['snake_case', 'snake', 'case']],
  ['2026-03-14', ['2026', '03', '14']],
  ['用docker部署', ['用', 'docker', '部署', '部', '署']],
  ['猫', ['猫']],
  ['', []],
  ['?!…', []],
])('%j is indexed by its words', (text, words) => {
  expect(indexed(text).toSorted()).toEqual(words.toSorted());
});

test('a Chinese run is looked for by its pairs and words, and by a character where it is alone', () => {
  expect(asked('松鼠')).toEqual(['松鼠']);
  expect(asked('猫')).toEqual(['猫']);
  expect(asked('研究生命')).toEqual(expect.arrayContaining(['研究', '究生', '生命']));
  expect(asked('研究生命')).not.toContain('研');
});

test('whatever is looked for in a text that is there is in its index', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const index = new Set(indexed(text));
      expect(asked(text).filter((term) => !index.has(term))).toEqual([]);
    }),
  );
});

test('each word says where it stands', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      for (const { start, end } of tokenizer.index(text)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
  );
  const [, world] = [...tokenizer.index('Hello, World!')];
  expect(world).toEqual({ term: 'world', start: 7, end: 12 });
});

test('what is too long for a word is passed over', () => {
  expect(indexed(`${'x'.repeat(201)} y`)).toEqual(['y']);
});
