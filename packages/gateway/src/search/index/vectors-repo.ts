import type { Database } from '../../db/database.ts';
import { codeBits, codesTable, quantise, signBits } from '../engine/codes.ts';
import { loadSqliteVec } from '../engine/load-sqlite-vec.ts';
import type { Kind } from '../text/match-expression.ts';

/** A model that there are vectors of. */
export interface EmbeddingModel {
  readonly id: number;
  readonly provider: string;
  readonly name: string;
  readonly dimensions: number;
  /** 1: its vectors are searched. */
  readonly serving: 0 | 1;
}

/** Which model it is, before anything is known of its vectors. */
export type ModelName = Pick<EmbeddingModel, 'provider' | 'name'>;

/** A passage that has no vector of the present model. */
export interface Unembedded {
  readonly id: number;
  readonly text: string;
}

interface PassageRow {
  readonly id: number;
  readonly kind: Kind;
  readonly bot_id: string;
}

/**
 * Vectors of passages: written on the gateway's own thread, read on the search's. Transactions take the right to write
 * at once: one that first reads is refused without a wait where somebody else has written meanwhile.
 */
export class VectorsRepo {
  readonly #database: Database;
  /** Why there can be no vectors on this machine; undefined: there can. */
  readonly unsupported: string | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.unsupported = loadSqliteVec(database);
  }

  models(): EmbeddingModel[] {
    return this.#database
      .prepare<[], EmbeddingModel>('SELECT * FROM embedding_models ORDER BY id')
      .all();
  }

  /** The model that is searched. */
  serving(): EmbeddingModel | undefined {
    return this.models().find(({ serving }) => serving === 1);
  }

  /** The newest model of that name: the one whose vectors passages should have. */
  present({ provider, name }: ModelName): EmbeddingModel | undefined {
    const newest = this.models().at(-1);
    return newest?.provider === provider && newest.name === name ? newest : undefined;
  }

  /**
   * The record of a model, made where it is new. The first one serves at once; a later one serves when all
   * passages have its vectors. One that was served all along, and is wanted again, replaces its successor.
   */
  ensure(model: ModelName & { readonly dimensions: number }): EmbeddingModel {
    const same = (other: EmbeddingModel): boolean =>
      other.provider === model.provider &&
      other.name === model.name &&
      other.dimensions === model.dimensions;
    return this.#database
      .transaction(() => {
        const known = this.models();
        const wanted =
          known.find((other) => same(other) && other.serving === 1) ?? known.find(same);
        for (const other of known) {
          if (other.serving === 0 && other.id !== wanted?.id) this.#drop(other);
        }
        if (wanted !== undefined) {
          if (wanted.serving === 1) this.#returnTo(wanted);
          return wanted;
        }
        return this.#create(model, this.serving() === undefined ? 1 : 0);
      })
      .immediate();
  }

  #create(model: ModelName & { readonly dimensions: number }, serving: 0 | 1): EmbeddingModel {
    const { provider, name, dimensions } = model;
    const id = Number(
      this.#database
        .prepare(
          'INSERT INTO embedding_models (provider, name, dimensions, serving) VALUES (?, ?, ?, ?)',
        )
        .run(provider, name, dimensions, serving).lastInsertRowid,
    );
    this.#database.exec(`CREATE VIRTUAL TABLE ${codesTable(id)} USING vec0(
      kind TEXT partition key, bot_id TEXT partition key, code bit[${codeBits(dimensions)}])`);
    return { id, provider, name, dimensions, serving };
  }

  /** Passages count as embedded by it where they have its vector. */
  #returnTo({ id }: EmbeddingModel): void {
    this.#database
      .prepare(`UPDATE passages SET model_id = iif(EXISTS (SELECT 1 FROM passage_vectors v
        WHERE v.passage_id = passages.id AND v.model_id = :id), :id, 0) WHERE model_id > :id`)
      .run({ id });
  }

  #drop({ id }: EmbeddingModel): void {
    this.#database.prepare('DELETE FROM embedding_models WHERE id = ?').run(id);
    this.#database.exec(`DROP TABLE IF EXISTS ${codesTable(id)}`);
    this.#database.prepare('INSERT INTO dropped_models (id) VALUES (?)').run(id);
  }

  /** Passages without a vector of that model, those that were made last first. @param model undefined: one that has no vectors yet */
  unembedded(model: EmbeddingModel | undefined, most: number): Unembedded[] {
    const before = model?.id ?? Number.MAX_SAFE_INTEGER;
    const group = this.#database
      .prepare<[number], number>(
        'SELECT model_id FROM passages WHERE model_id < ? ORDER BY model_id LIMIT 1',
      )
      .pluck()
      .get(before);
    if (group === undefined) return [];
    return this.#database
      .prepare<[number, number], { id: number; text: string; start: number; end: number }>(`
        SELECT p.id, p.start_at AS start, p.end_at AS end, CASE p.kind
          WHEN 'chat' THEN (SELECT content FROM chat_messages m WHERE m.id = p.row_id)
          ELSE (SELECT key || char(10) || content FROM memory m WHERE m.id = p.row_id) END AS text
        FROM passages p WHERE p.model_id = ? ORDER BY p.id DESC LIMIT ?`)
      .all(group, most)
      .map(({ id, text, start, end }) => ({ id, text: text.slice(start, end) }));
  }

  /** Give a passage its vector. One that was deleted meanwhile gets none. */
  write(model: EmbeddingModel, passageId: number, vector: Float32Array | undefined): void {
    this.#database
      .transaction(() => {
        const passage = this.#database
          .prepare<[number], PassageRow>('SELECT id, kind, bot_id FROM passages WHERE id = ?')
          .get(passageId);
        if (passage === undefined) return;
        this.#database
          .prepare('UPDATE passages SET model_id = ? WHERE id = ?')
          .run(model.id, passageId);
        if (vector !== undefined) this.#insert(model, passage, vector);
      })
      .immediate();
  }

  #insert(model: EmbeddingModel, passage: PassageRow, vector: Float32Array): void {
    const stored = Buffer.from(quantise(vector).buffer);
    const { lastInsertRowid, changes } = this.#database
      .prepare(
        'INSERT OR IGNORE INTO passage_vectors (model_id, passage_id, vector) VALUES (?, ?, ?)',
      )
      .run(model.id, passage.id, stored);
    if (changes === 0) return;
    this.#database
      .prepare(
        `INSERT INTO ${codesTable(model.id)} (rowid, kind, bot_id, code) VALUES (?, ?, ?, vec_bit(?))`,
      )
      .run(BigInt(lastInsertRowid), passage.kind, passage.bot_id, signBits(vector));
  }

  /** All passages have vectors of that model: it is searched from here on, and the ones before it go. */
  serve(model: EmbeddingModel): void {
    if (model.serving === 1 && this.models().length === 1) return;
    this.#database
      .transaction(() => {
        for (const other of this.models()) if (other.id !== model.id) this.#drop(other);
        this.#database
          .prepare('UPDATE embedding_models SET serving = 1 WHERE id = ?')
          .run(model.id);
      })
      .immediate();
  }

  /**
   * Remove what is left of deleted passages and of models that are gone.
   * @returns whether there may be more
   */
  sweep(most: number): boolean {
    if (this.unsupported !== undefined) return false;
    // Most of the time there is nothing, and nobody need be kept from writing to find that out.
    const left = this.#database
      .prepare('SELECT 1 FROM stale_codes UNION ALL SELECT 1 FROM dropped_models LIMIT 1')
      .get();
    if (left === undefined) return false;
    this.#database
      .transaction(() => {
        this.#sweepModel(most);
        this.#sweepCodes(most);
      })
      .immediate();
    return true;
  }

  #sweepModel(most: number): void {
    const model = this.#database
      .prepare<[], number>('SELECT id FROM dropped_models LIMIT 1')
      .pluck()
      .get();
    if (model === undefined) return;
    const { changes } = this.#database
      .prepare(`DELETE FROM passage_vectors WHERE id IN
        (SELECT id FROM passage_vectors WHERE model_id = ? LIMIT ?)`)
      .run(model, most);
    if (changes < most)
      this.#database.prepare('DELETE FROM dropped_models WHERE id = ?').run(model);
  }

  #sweepCodes(most: number): void {
    const stale = this.#database
      .prepare<[number], { id: number; model_id: number }>(
        'SELECT id, model_id FROM stale_codes LIMIT ?',
      )
      .all(most);
    const known = new Set(this.models().map(({ id }) => id));
    for (const { id, model_id } of stale) {
      if (known.has(model_id)) {
        this.#database
          .prepare(`DELETE FROM ${codesTable(model_id)} WHERE rowid = ?`)
          .run(BigInt(id));
      }
      this.#database.prepare('DELETE FROM stale_codes WHERE id = ?').run(id);
    }
  }
}
