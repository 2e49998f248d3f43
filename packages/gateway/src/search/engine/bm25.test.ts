import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { ensureWordsTable } from '../index/words-tables.ts';
import { bm25OfWord, tableSize, varints, wordsOfRows } from './bm25.ts';

let database: Database;
let table: string;
beforeEach(() => {
  database = openDatabase(':memory:');
  table = ensureWordsTable(database, 'chat', 'b');
  const add = database.prepare(`INSERT INTO ${table} (rowid, words) VALUES (?, ?)`);
  for (let id = 1; id <= 300; id += 1) {
    const words = [...'x'.repeat(id)].map((_, index) => `w${index}`);
    add.run(id, [...words, id % 3 === 0 ? 'third' : 'other', 'each'].join(' '));
  }
});
afterEach(() => database.close());

test('a table says how many rows and words it has, and how many words a row', () => {
  database.prepare(`DELETE FROM ${table} WHERE rowid = 300`).run();
  // Of its totals FTS5 takes nothing off, where it does not have the deleted row's words; its own ranks go by them, too.
  expect(tableSize(database, table)).toEqual({ rows: 300, words: (300 * 301) / 2 + 2 * 300 });
  expect(wordsOfRows(database, table, '[1, 200, 300]')).toEqual(
    new Map([
      [1, 3],
      [200, 202],
    ]),
  );
});

test.each(['third', 'other', 'each', 'w290'])('the word %s counts what FTS5 says', (word) => {
  const ranked = database
    .prepare<[string], { id: number; rank: number }>(
      `SELECT rowid AS id, rank FROM ${table} WHERE ${table} MATCH ?`,
    )
    .all(`"${word}"`);
  const size = tableSize(database, table);
  const words = wordsOfRows(database, table, JSON.stringify(ranked.map(({ id }) => id)));
  expect(ranked.length).toBeGreaterThan(5);
  for (const { id, rank } of ranked)
    expect(bm25OfWord(size, ranked.length, words.get(id) ?? 0)).toBeCloseTo(rank, 9);
});

test('a table without rows has a size, too', () => {
  const empty = ensureWordsTable(database, 'chat', 'other');
  expect(bm25OfWord(tableSize(database, empty), 0, 0)).toBeLessThan(0);
});

test('numbers have seven bits a byte', () => {
  expect(varints(Uint8Array.from([0, 0x7f, 0x81, 0, 0x86, 0x89, 0x2d]))).toEqual([
    0, 127, 128, 99_501,
  ]);
});
