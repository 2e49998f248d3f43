import type { Database } from '../../db/database.ts';
import type { Kind } from '../text/match-expression.ts';
import { ensureWordsTable, sweepWords } from './words-tables.ts';

/** A row that waits to be indexed. */
export interface Queued {
  readonly seq: number;
  readonly kind: Kind;
  readonly row_id: number;
  readonly next_start: number;
}

/** What a row is found by. */
export interface IndexedRow {
  readonly botId: string;
  readonly text: string;
}

/** A passage to be written. */
export interface NewPassage {
  readonly kind: Kind;
  readonly rowId: number;
  readonly botId: string;
  readonly start: number;
  readonly end: number;
  /** Its words, with spaces between. */
  readonly words: string;
}

/** The full-text index, and what waits for it. */
export class PassagesRepo {
  readonly #database: Database;
  readonly #next;
  readonly #chat;
  readonly #memory;
  readonly #insert;
  readonly #advance;
  readonly #done;

  constructor(database: Database) {
    this.#database = database;
    // The newest first: what was just said is found while old rows still wait.
    this.#next = database.prepare<[], Queued>(
      'SELECT seq, kind, row_id, next_start FROM search_queue ORDER BY seq DESC LIMIT 1',
    );
    this.#chat = database.prepare<[number], IndexedRow>(
      'SELECT bot_id AS botId, content AS text FROM chat_messages WHERE id = ?',
    );
    this.#memory = database.prepare<[number], IndexedRow>(
      'SELECT bot_id AS botId, key || char(10) || content AS text FROM memory WHERE id = ?',
    );
    this.#insert = database.prepare<[Omit<NewPassage, 'words'>]>(`
      INSERT INTO passages (kind, row_id, bot_id, start_at, end_at)
      VALUES (:kind, :rowId, :botId, :start, :end)`);
    this.#advance = database.prepare<[number, number]>(
      'UPDATE search_queue SET next_start = ? WHERE seq = ?',
    );
    this.#done = database.prepare<[number]>('DELETE FROM search_queue WHERE seq = ?');
  }

  next(): Queued | undefined {
    return this.#next.get();
  }

  /** Remove what is left of deleted rows. @returns whether there may be more */
  sweep(most: number): boolean {
    return sweepWords(this.#database, most);
  }

  /** undefined: it was deleted. */
  row({ kind, row_id }: Pick<Queued, 'kind' | 'row_id'>): IndexedRow | undefined {
    return kind === 'chat' ? this.#chat.get(row_id) : this.#memory.get(row_id);
  }

  /**
   * Write a passage and how far the row has come, in one transaction.
   * @param next where the next passage begins; undefined: it was the last
   * @param alongside gets the new passage's id
   */
  write(
    queued: Queued,
    passage: NewPassage | undefined,
    next: number | undefined,
    alongside: (passageId: number) => void = () => {},
  ): void {
    this.#database
      .transaction(() => {
        if (passage !== undefined) {
          const { words, ...row } = passage;
          const id = Number(this.#insert.run(row).lastInsertRowid);
          const table = ensureWordsTable(this.#database, row.kind, row.botId);
          this.#database
            .prepare(`INSERT INTO ${table} (rowid, words) VALUES (?, ?)`)
            .run(id, words);
          alongside(id);
        }
        if (next === undefined) this.#done.run(queued.seq);
        else this.#advance.run(next, queued.seq);
      })
      .immediate();
  }
}
