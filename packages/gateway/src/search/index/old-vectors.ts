import type { Database } from '../../db/database.ts';
import type { Queued } from './passages-repo.ts';
import type { VectorsRepo } from './vectors-repo.ts';

/** What the old system stored: 768 floats for a row, by the model that `OLLAMA_EMBED_MODEL` names. */
const oldDimensions = 768;
const oldTables = {
  chat: { table: 'chat_embeddings', id: 'message_id' },
  memory: { table: 'memory_embeddings', id: 'memory_id' },
} as const;

/** Takes the old system's vectors over, row by row, as the rows are indexed; nothing is embedded again. */
export class OldVectors {
  readonly #database: Database;
  readonly #vectors: VectorsRepo;
  readonly #modelName: string;
  #left: boolean;

  constructor(database: Database, vectors: VectorsRepo, modelName: string) {
    this.#database = database;
    this.#vectors = vectors;
    this.#modelName = modelName;
    this.#left = vectors.unsupported === undefined && this.#tables().length > 0;
  }

  /** To be called in the transaction that writes a row's first passage. */
  take({ kind, row_id }: Queued, passageId: number): void {
    if (!this.#left) return;
    const { table, id } = oldTables[kind];
    if (!this.#tables().includes(table)) return;
    const blob = this.#database
      .prepare<[number], Buffer>(`SELECT embedding FROM ${table} WHERE ${id} = ?`)
      .pluck()
      .get(row_id);
    if (blob === undefined || blob.length !== oldDimensions * 4) return;
    const model = this.#vectors.ensure({
      provider: 'ollama',
      name: this.#modelName,
      dimensions: oldDimensions,
    });
    this.#vectors.write(model, passageId, new Float32Array(new Uint8Array(blob).buffer));
    this.#database.prepare(`DELETE FROM ${table} WHERE ${id} = ?`).run(BigInt(row_id));
  }

  /** All rows have been indexed: what is left belongs to rows that were deleted. */
  finish(): void {
    if (!this.#left) return;
    this.#left = false;
    for (const table of this.#tables()) this.#database.exec(`DROP TABLE ${table}`);
  }

  #tables(): string[] {
    return this.#database
      .prepare<[], string>(
        "SELECT name FROM sqlite_master WHERE name IN ('chat_embeddings', 'memory_embeddings')",
      )
      .pluck()
      .all();
  }
}
