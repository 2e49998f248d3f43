import type { Database } from '../../db/database.ts';

/** As FTS5 has them (https://sqlite.org/fts5.html#the_bm25_function). */
const k1 = 1.2;
const b = 0.75;
const leastIdf = 1e-6;

/** What a table of FTS5 knows of its rows. */
export interface TableSize {
  readonly rows: number;
  /** Words in all of them. */
  readonly words: number;
}

/**
 * What a word adds to the rank of a row that has it once, by the formula of FTS5: negative, the less the more rows have it.
 * @param having how many rows have the word
 * @param words how many words the row has
 */
export function bm25OfWord(table: TableSize, having: number, words: number): number {
  const odds = (table.rows - having + 0.5) / (having + 0.5);
  const idf = Math.max(leastIdf, Math.log(Math.max(odds, Number.MIN_VALUE)));
  const average = table.words / Math.max(1, table.rows);
  return (-idf * (k1 + 1)) / (1 + k1 * (1 - b + (b * words) / Math.max(1, average)));
}

/** From the table's own record (https://sqlite.org/fts5.html#fts5_data_structures): rows, then words of the one column. */
export function tableSize(database: Database, table: string): TableSize {
  const record = database
    .prepare<[], Uint8Array>(`SELECT block FROM ${table}_data WHERE id = 1`)
    .pluck()
    .get();
  const [rows = 0, words = 0] = varints(record ?? new Uint8Array());
  return { rows, words };
}

/** How many words each row has. @param ids as JSON */
export function wordsOfRows(database: Database, table: string, ids: string): Map<number, number> {
  const sizes = database
    .prepare<[string], { id: number; sz: Uint8Array }>(
      `SELECT d.id, d.sz FROM json_each(?) j JOIN ${table}_docsize d ON d.id = j.value`,
    )
    .all(ids);
  return new Map(sizes.map(({ id, sz }) => [id, varints(sz)[0] ?? 0]));
}

/** SQLite's numbers of seven bits a byte, the highest first. None of ours comes near the ninth byte, which has eight. */
export function varints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  return numbers;
}
