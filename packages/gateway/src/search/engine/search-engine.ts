import type { SearchMode } from '@mini-claude-bot/contract';
import type { Database } from '../../db/database.ts';
import { fuse, type Ranked, type TextFound, type VectorFound } from '../rank/fuse.ts';
import { type Kind, queryTerms } from '../text/match-expression.ts';
import { snippetOf } from '../text/snippet.ts';
import { Tokenizer } from '../text/tokens.ts';
import type { CodeSample } from './code-sample.ts';
import { Estimates } from './estimates.ts';
import { findText } from './find-text.ts';
import { findVectors } from './find-vectors.ts';
import type {
  Counts,
  EngineHit,
  QueryVector,
  Scope,
  SearchReply,
  SearchRequest,
  Waiting,
} from './search-request.ts';

/** Nobody leafs further; the rest of the hits goes into an address, where explanations need their place. */
const deepest = 200;
/** Of two lists that are merged, what stands below makes only noise. */
const deepestMerged = 100;
const deepestExplained = 100;

const rowsOf: Record<Kind, { readonly table: string; readonly columns: string }> = {
  chat: {
    table: 'chat_messages',
    // Files of the old system may have NULL in some of them.
    columns: `id, session_id, bot_id, role, content, COALESCE(source, 'telegram') AS source,
      COALESCE(created_at, '') AS created_at`,
  },
  memory: {
    table: 'memory',
    columns: `id, key, content, COALESCE(category, 'general') AS category,
      COALESCE(created_at, updated_at, '') AS created_at, COALESCE(updated_at, created_at, '') AS updated_at, bot_id`,
  },
};

interface StoredRow extends Record<string, unknown> {
  readonly id: number;
  readonly content: string;
  readonly key?: string;
}

/** The text that a row is found by. */
export const textOf = ({ key, content }: { key?: string | undefined; content: string }): string =>
  key === undefined ? content : `${key}\n${content}`;

/** Searches a database, on whatever thread it is called. It only reads. */
export class SearchEngine {
  readonly #database: Database;
  readonly #tokenizer = new Tokenizer();
  readonly #estimates = new Estimates();
  /** Some hundred kilobytes each. */
  readonly #samples = new Estimates<CodeSample>(16);
  readonly #searched = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  search(request: SearchRequest): SearchReply {
    const terms = queryTerms(this.#tokenizer, request.query);
    const { ranked, mode } =
      request.waiting === undefined
        ? this.#rank(request, terms)
        : { ranked: request.waiting.map(again), mode: request.mode };
    const page = ranked.slice(0, request.limit);
    const { explain } = request;
    const waitingOf = (hit: RankedHit): Waiting =>
      explain && hit.explain !== undefined
        ? [hit.row, hit.start, hit.end, hit.distance, hit.explain]
        : [hit.row, hit.start, hit.end, hit.distance];
    return {
      hits: this.#show(request, page, new Set(terms)),
      mode,
      waiting: ranked.slice(request.limit).map(waitingOf),
    };
  }

  /** The half of a hybrid search that goes by words. */
  byWords({ scope, query, nowMs }: SearchRequest): TextFound[] {
    const terms = queryTerms(this.#tokenizer, query);
    return this.#text(scope, terms, deepestMerged, nowMs);
  }

  /** The half that goes by vectors; none where the model has been replaced meanwhile. */
  byVector({ scope, vector, nowMs }: SearchRequest): VectorFound[] {
    if (vector === undefined || !this.#isThere(vector)) return [];
    return this.#near(scope, vector, deepestMerged, nowMs);
  }

  #text(scope: Scope, terms: readonly string[], most: number, nowMs: number): TextFound[] {
    return findText(this.#database, scope, terms, most, this.#estimates.at(nowMs));
  }

  #near(scope: Scope, vector: QueryVector, most: number, nowMs: number): VectorFound[] {
    const rows = this.#estimates.at(nowMs);
    const samples = this.#samples.at(nowMs);
    return findVectors(this.#database, scope, vector, most, {
      rows,
      samples,
      searched: this.#searched,
    });
  }

  #rank(
    request: SearchRequest,
    terms: readonly string[],
  ): { ranked: readonly RankedHit[]; mode: SearchMode } {
    const { scope, nowMs } = request;
    const vector = this.#isThere(request.vector) ? request.vector : undefined;
    const mode = vector === undefined ? 'text' : request.mode;
    const most = mode === 'hybrid' ? deepestMerged : deepest;
    const halves = mode === 'hybrid' ? request.halves : undefined;
    const { text, near } = halves ?? {
      text: mode === 'vector' ? [] : this.#text(scope, terms, most, nowMs),
      near: mode === 'text' || vector === undefined ? [] : this.#near(scope, vector, most, nowMs),
    };
    const rows = [...new Set([...text, ...near].map(({ row }) => row))];
    // Who asks for what is nearest gets exactly that; words alone stand in for both, where there are no vectors.
    const aged = scope.kind === 'chat' && mode !== 'vector';
    const age = aged ? { ageDays: this.#ages(rows, nowMs) } : {};
    const candidates = { text, vector: near, terms: terms.length, ...age };
    return {
      ranked: fuse(candidates, mode).slice(0, request.explain ? deepestExplained : deepest),
      mode,
    };
  }

  /** A model may have been replaced since the query was embedded. */
  #isThere(vector: QueryVector | undefined): boolean {
    const model = this.#database.prepare('SELECT 1 FROM embedding_models WHERE id = ?');
    return vector !== undefined && model.get(vector.modelId) !== undefined;
  }

  #ages(rows: readonly number[], nowMs: number): (row: number) => number {
    const times = this.#database
      .prepare<[string], { id: number; at: number | null }>(
        'SELECT id, unixepoch(created_at) AS at FROM chat_messages WHERE id IN (SELECT value FROM json_each(?))',
      )
      .all(JSON.stringify(rows));
    const days = new Map(times.map(({ id, at }) => [id, (nowMs / 1000 - (at ?? 0)) / 86_400]));
    return (row) => days.get(row) ?? Number.POSITIVE_INFINITY;
  }

  #show(
    { scope, explain }: SearchRequest,
    page: readonly RankedHit[],
    terms: ReadonlySet<string>,
  ): EngineHit[] {
    const { table, columns } = rowsOf[scope.kind];
    const statement = this.#database.prepare<[{ id: number; botId: string | null }], StoredRow>(
      `SELECT ${columns} FROM ${table} WHERE id = :id AND (:botId IS NULL OR bot_id = :botId)`,
    );
    return page.flatMap((hit) => {
      const row = statement.get({ id: hit.row, botId: scope.botId ?? null });
      // It was deleted while its page was awaited.
      if (row === undefined) return [];
      const snippet = snippetOf(this.#tokenizer, textOf(row), hit, terms);
      const said = explain && hit.explain !== undefined ? { explain: hit.explain } : {};
      return [{ row, distance: hit.distance, snippet, ...said }];
    });
  }

  counts(kind: Kind, botId: string | undefined, modelId: number): Counts {
    const { table } = rowsOf[kind];
    const one = (sql: string): number =>
      this.#database
        .prepare<[object], number>(sql)
        .pluck()
        .get({
          ...(sql.includes(':kind') ? { kind } : {}),
          botId: botId ?? null,
          ...(sql.includes(':modelId') ? { modelId } : {}),
        }) ?? 0;
    const ofBot = '(:botId IS NULL OR bot_id = :botId)';
    return {
      rows: one(`SELECT count(*) FROM ${table} WHERE ${ofBot}`),
      waiting: one(`SELECT count(*) FROM search_queue q JOIN ${table} t ON t.id = q.row_id
        WHERE q.kind = :kind AND ${ofBot}`),
      passages: one(`SELECT count(*) FROM passages WHERE kind = :kind AND ${ofBot}`),
      unembedded: one(
        `SELECT count(*) FROM passages WHERE kind = :kind AND ${ofBot} AND model_id < :modelId`,
      ),
    };
  }
}

type RankedHit = Omit<Ranked, 'explain'> & Partial<Pick<Ranked, 'explain'>>;

const again = ([row, start, end, distance, explain]: Waiting): RankedHit => ({
  row,
  start,
  end,
  distance,
  ...(explain === undefined ? {} : { explain }),
});
