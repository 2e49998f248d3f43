import type { RequestTokens, TranscriptProgress, UsageRecord } from '@mini-claude-bot/claude/usage';
import type { Database } from '../../db/database.ts';

interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
}

interface Place {
  readonly session: string;
  readonly quarter: number;
  readonly model: string;
  readonly long: 0 | 1;
}

interface FileRow {
  readonly path: string;
  readonly identity: string;
  readonly size: number;
  readonly modified_ms: number;
  readonly position: number;
  readonly mark: string;
  readonly broken_lines: number;
}

/** In milliseconds. All time zones differ from each other by a multiple of it. */
export const quarterMs = 15 * 60_000;
/** More tokens than this make a request a long one. */
const longContext = 100_000;

const nothing: Tokens = {
  input: 0,
  output: 0,
  cache_read: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
};

/** How far each transcript was read, by its path. */
export function transcriptProgress(database: Database): Map<string, TranscriptProgress> {
  const rows = database
    .prepare<[], readonly [string, string, number, number, number, string, number]>(
      'SELECT path, identity, size, modified_ms, position, mark, broken_lines FROM usage_files',
    )
    .raw();
  const known = new Map<string, TranscriptProgress>();
  // There may be thousands, and this is done at each look: rows as lists take half the time.
  for (const [path, identity, size, modifiedMs, position, mark, brokenLines] of rows.all()) {
    known.set(path, { path, identity, size, modifiedMs, position, mark, brokenLines });
  }
  return known;
}

/** What was read from transcripts, and how far that goes. */
export class UsageRepo {
  readonly #database: Database;
  readonly #noteFile;
  readonly #forgetFile;
  readonly #seen;
  readonly #place;
  readonly #addTotal;
  readonly #addSeen;
  readonly #raiseSeen;
  readonly #raiseTotal;

  constructor(database: Database) {
    this.#database = database;
    this.#noteFile = database.prepare<[FileRow]>(`
      INSERT INTO usage_files (path, identity, size, modified_ms, position, mark, broken_lines)
      VALUES (:path, :identity, :size, :modified_ms, :position, :mark, :broken_lines)
      ON CONFLICT (path) DO UPDATE SET identity = :identity, size = :size, modified_ms = :modified_ms,
        position = :position, mark = :mark, broken_lines = :broken_lines`);
    this.#forgetFile = database.prepare<[string]>('DELETE FROM usage_files WHERE path = ?');
    this.#seen = database.prepare<[string], Tokens & { total_id: number }>(
      'SELECT total_id, input, output, cache_read, cache_write_5m, cache_write_1h FROM usage_seen WHERE id = ?',
    );
    this.#place = database
      .prepare<[Place], number>(
        `SELECT id FROM usage_totals WHERE session_id = :session AND quarter = :quarter AND model = :model AND long = :long`,
      )
      .pluck();
    this.#addTotal = database.prepare<[Place]>(
      'INSERT INTO usage_totals (session_id, quarter, model, long) VALUES (:session, :quarter, :model, :long)',
    );
    this.#addSeen = database.prepare<[Tokens & { id: string; total: number }]>(`
      INSERT INTO usage_seen (id, total_id, input, output, cache_read, cache_write_5m, cache_write_1h)
      VALUES (:id, :total, :input, :output, :cache_read, :cache_write_5m, :cache_write_1h)`);
    this.#raiseSeen = database.prepare<[Tokens & { id: string }]>(`
      UPDATE usage_seen SET input = :input, output = :output, cache_read = :cache_read,
        cache_write_5m = :cache_write_5m, cache_write_1h = :cache_write_1h WHERE id = :id`);
    this.#raiseTotal = database.prepare<
      [Tokens & { total: number; events: number; context: number }]
    >(`
      UPDATE usage_totals SET events = events + :events, input = input + :input, output = output + :output,
        cache_read = cache_read + :cache_read, cache_write_5m = cache_write_5m + :cache_write_5m,
        cache_write_1h = cache_write_1h + :cache_write_1h, context_max = max(context_max, :context),
        changed = 1 + (SELECT max(changed) FROM usage_totals)
      WHERE id = :total`);
  }

  /** In one transaction. What was counted before is not counted again. @param progress how far that goes, once all before it is written */
  write(records: readonly UsageRecord[], progress: TranscriptProgress | undefined): void {
    this.#database.transaction(() => {
      for (const record of records) this.#count(record);
      if (progress === undefined) return;
      const { modifiedMs, brokenLines, ...row } = progress;
      this.#noteFile.run({ ...row, modified_ms: modifiedMs, broken_lines: brokenLines });
    })();
  }

  /** Transcripts that are gone. What they told stays counted. */
  forget(paths: readonly string[]): void {
    this.#database.transaction(() => {
      for (const path of paths) this.#forgetFile.run(path);
    })();
  }

  #count(record: UsageRecord): void {
    const { id } = record;
    const told = record.kind === 'request' ? columnsOf(record.tokens) : nothing;
    const before = this.#seen.get(id);
    if (before === undefined) {
      const total = this.#totalOf(placeOf(record, contextOf(told)));
      this.#addSeen.run({ id, total, ...told });
      this.#raiseTotal.run({ total, events: 1, context: contextOf(told), ...told });
      return;
    }
    const most = combine(told, before, Math.max);
    const more = combine(most, before, (a, b) => a - b);
    if (Object.values(more).every((difference) => difference === 0)) return;
    this.#raiseSeen.run({ id, ...most });
    this.#raiseTotal.run({ total: before.total_id, events: 0, context: contextOf(most), ...more });
  }

  #totalOf(place: Place): number {
    return this.#place.get(place) ?? Number(this.#addTotal.run(place).lastInsertRowid);
  }
}

const placeOf = (record: UsageRecord, context: number): Place => ({
  session: record.sessionId,
  quarter: Math.floor(record.atMs / quarterMs),
  model: record.kind === 'request' ? record.model : '',
  long: context > longContext ? 1 : 0,
});

const columnsOf = (tokens: RequestTokens): Tokens => ({
  input: tokens.input,
  output: tokens.output,
  cache_read: tokens.cacheRead,
  cache_write_5m: tokens.cacheWrite5m,
  cache_write_1h: tokens.cacheWrite1h,
});

const contextOf = ({ input, cache_read, cache_write_5m, cache_write_1h }: Tokens): number =>
  input + cache_read + cache_write_5m + cache_write_1h;

const combine = (one: Tokens, other: Tokens, by: (a: number, b: number) => number): Tokens => ({
  input: by(one.input, other.input),
  output: by(one.output, other.output),
  cache_read: by(one.cache_read, other.cache_read),
  cache_write_5m: by(one.cache_write_5m, other.cache_write_5m),
  cache_write_1h: by(one.cache_write_1h, other.cache_write_1h),
});
