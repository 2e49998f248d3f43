import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchExpression, queryTerms } from './match-expression.ts';
import { Tokenizer } from './tokens.ts';

const tokenizer = new Tokenizer();
const terms = (query: string): readonly string[] => queryTerms(tokenizer, query);

test('each term once, without words that say nothing, unless there are no others', () => {
  expect(terms('the red and the red')).toEqual(['red']);
  expect(terms('to be or not')).toEqual(['to', 'be', 'or', 'not']);
  expect(terms('  ')).toEqual([]);
});

test('of a very long query, as many as make it clear', () => {
  const words = Array.from({ length: 500 }, (_, index) => `word${index}`).join(' ');
  expect(terms(words)).toHaveLength(48);
  expect(terms('x'.repeat(100_000))).toEqual([]);
});

test('no query is a mistake for SQLite', () => {
  const database = new Sqlite(':memory:');
  database.exec('CREATE VIRTUAL TABLE t USING fts5(words)');
  const search = database.prepare('SELECT rowid FROM t WHERE t MATCH ?');
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a" OR "b', 'NEAR(', '* ^ - : ( ) {', '‼ ™ ½ 🏳️‍🌈', '\0'),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const found = terms(text);
      if (found.length > 0) expect(() => search.all(matchExpression(found))).not.toThrow();
    }),
    { numRuns: 500 },
  );
  database.close();
});
