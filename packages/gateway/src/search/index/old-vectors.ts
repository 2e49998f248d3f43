import type { Database } from '../../db/database.ts';
import type { Logger } from '../../host/logger.ts';
import type { Queued } from './passages-repo.ts';
import type { VectorsRepo } from './vectors-repo.ts';

/** What the old system stored: 768 floats for a row, by the model that `OLLAMA_EMBED_MODEL` names. */
const oldDimensions = 768;
const oldTables = {
  chat: { table: 'chat_embeddings', id: 'message_id' },
  memory: { table: 'memory_embeddings', id: 'memory_id' },
} as const;

/** What the old vectors are taken over with. */
export interface OldVectorsParts {
  readonly database: Database;
  readonly vectors: VectorsRepo;
  readonly modelName: string;
  readonly logger: Logger;
}

/**
 * Takes the old system's vectors over, row by row, as the rows are indexed; nothing is embedded again. Its tables are
 * only read, and dropped at the end: what can't be read of them is embedded like anything else.
 */
export class OldVectors {
  readonly #parts: OldVectorsParts;
  readonly #lastSeq: number;
  #tables: readonly string[];

  constructor(parts: OldVectorsParts) {
    this.#parts = parts;
    const { database, vectors } = parts;
    this.#lastSeq =
      database.prepare<[], number>('SELECT last_seq FROM search_takeover').pluck().get() ?? 0;
    this.#tables =
      vectors.unsupported === undefined
        ? database
            .prepare<[], string>(
              "SELECT name FROM sqlite_master WHERE name IN ('chat_embeddings', 'memory_embeddings')",
            )
            .pluck()
            .all()
        : [];
  }

  /** To be called in the transaction that writes a row's first passage. */
  take({ kind, row_id, seq }: Queued, passageId: number): void {
    const { table, id } = oldTables[kind];
    // One that was changed since has a later entry: the old vector is of what it said before.
    if (seq > this.#lastSeq || !this.#tables.includes(table)) return;
    const blob = this.#read(`SELECT embedding FROM ${table} WHERE ${id} = ?`, row_id);
    if (blob === undefined || blob.length !== oldDimensions * 4) return;
    const { vectors, modelName } = this.#parts;
    const model = vectors.ensure({
      provider: 'ollama',
      name: modelName,
      dimensions: oldDimensions,
    });
    vectors.write(model, passageId, new Float32Array(new Uint8Array(blob).buffer));
  }

  /** All rows have been indexed: what is left belongs to rows that were deleted. */
  finish(): void {
    for (const table of this.#tables) {
      try {
        this.#parts.database.exec(`DROP TABLE ${table}`);
      } catch (error) {
        this.#parts.logger.warn({ err: error, table }, 'an old table of vectors stays');
      }
    }
    this.#tables = [];
  }

  #read(sql: string, rowId: number): Buffer | undefined {
    try {
      return this.#parts.database.prepare<[number], Buffer>(sql).pluck().get(rowId);
    } catch (error) {
      this.#parts.logger.warn({ err: error, row: rowId }, 'an old vector could not be read');
      return undefined;
    }
  }
}
