import Sqlite from 'better-sqlite3';
import { load } from 'sqlite-vec';
import { dimensions } from '../embedder/embedder.ts';

export interface StoredText {
  readonly id: number;
  readonly botId: string;
  readonly content: string;
}

/** What is compared with: a table of sqlite-vec with the same vectors as floats, each of them read for each search. */
export class PlainScan {
  readonly #database: Sqlite.Database;
  readonly #nearest;

  constructor(path: string) {
    this.#database = new Sqlite(path);
    load(this.#database);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = OFF');
    this.#database.exec(`CREATE VIRTUAL TABLE plain USING vec0(
      id INTEGER PRIMARY KEY, embedding FLOAT[${dimensions}] distance_metric=cosine)`);
    this.#nearest = this.#database
      .prepare<[Uint8Array, number], number>(
        'SELECT id FROM plain WHERE embedding MATCH ? AND k = ? ORDER BY distance',
      )
      .pluck();
  }

  fill(texts: Iterable<StoredText>, embed: (text: string) => Float32Array): void {
    const add = this.#database.prepare('INSERT INTO plain (id, embedding) VALUES (?, ?)');
    this.#database.transaction(() => {
      // sqlite-vec wants the id as an integer, which a number of JavaScript is not.
      for (const { id, content } of texts) add.run(BigInt(id), bytes(embed(content)));
    })();
  }

  /** Ids of the k nearest by cosine distance, nearest first. */
  nearest(vector: Float32Array, k: number): number[] {
    return this.#nearest.all(bytes(vector), k);
  }

  close(): void {
    this.#database.close();
  }
}

const bytes = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/** All messages of a gateway's database; it may run meanwhile. */
export function storedTexts(path: string): StoredText[] {
  const database = new Sqlite(path, { readonly: true });
  try {
    return database
      .prepare<[], StoredText>('SELECT id, bot_id AS botId, content FROM chat_messages ORDER BY id')
      .all();
  } finally {
    database.close();
  }
}
