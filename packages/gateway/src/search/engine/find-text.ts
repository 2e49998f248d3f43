import type { Database } from '../../db/database.ts';
import { wordsTables } from '../index/words-tables.ts';
import type { TextFound } from '../rank/fuse.ts';
import { matchBoth, matchExpression } from '../text/match-expression.ts';
import { bm25OfWord, tableSize, wordsOfRows } from './bm25.ts';
import type { Estimate } from './estimates.ts';
import { type Filter, filterOf } from './filter.ts';
import { type CountedTerm, type TermsByRarity, termsByRarity } from './rarest-terms.ts';
import type { Scope } from './search-request.ts';

interface Row {
  readonly id: number;
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly bm25: number;
}

/** A passage, and how many of the terms it has. */
type CountedRow = Row & { readonly terms: number };

/** Rows that have some of the terms, best first, each with its best passage. */
export function findText(
  database: Database,
  scope: Scope,
  terms: readonly string[],
  most: number,
  estimate: Estimate,
): TextFound[] {
  if (terms.length === 0) return [];
  const filter = filterOf(scope);
  return wordsTables(database, scope.kind, scope.botId)
    .flatMap((table) => findIn(database, table, filter, terms, most, estimate))
    .sort((a, b) => a.bm25 - b.bm25 || b.row - a.row)
    .slice(0, most);
}

function findIn(
  database: Database,
  table: string,
  filter: Filter,
  terms: readonly string[],
  most: number,
  estimate: Estimate,
): TextFound[] {
  const rarity = termsByRarity(database, table, terms, estimate);
  const best = new Map<number, TextFound>();
  for (const { id: _, ...found } of bestPassages(database, table, filter, rarity, most))
    if (!best.has(found.row)) best.set(found.row, found);
  return [...best.values()];
}

/** By the rarest terms first; where there are others, in the order of all of them. */
function bestPassages(
  database: Database,
  table: string,
  filter: Filter,
  { rarest, frequent }: TermsByRarity,
  most: number,
): CountedRow[] {
  const others = frequent.length > 0;
  const found = passagesWith(database, table, filter, rarest, others ? most * 2 : most);
  const ids = JSON.stringify(found.map(({ id }) => id));
  const has = termsOfEach(database, table, rarest, (term) => matchExpression([term.term]), ids);
  const rows = found.map((row) => ({ ...row, terms: has.get(row.id)?.length ?? 1 }));
  return others
    ? orderedByAll(database, table, rows, { rarest, frequent }, ids).slice(0, most)
    : rows;
}

/**
 * A frequent word counts as if a passage had it once: FTS5 would read all passages that have it twice more, to say what
 * little it adds when it stands there again.
 */
function orderedByAll(
  database: Database,
  table: string,
  rows: readonly CountedRow[],
  { rarest, frequent }: TermsByRarity,
  ids: string,
): CountedRow[] {
  const size = tableSize(database, table);
  const words = wordsOfRows(database, table, ids);
  // All of them have one of the rarest terms. Where one is far more frequent, FTS5 passes over what has none of those.
  const skipAbove = 2 * rarest.reduce((sum, { rows }) => sum + rows, 0);
  const match = ({ term, rows }: CountedTerm): string =>
    rows > skipAbove ? matchBoth([term], termsOf(rarest)) : matchExpression([term]);
  const has = termsOfEach(database, table, frequent, match, ids);
  return rows
    .map((row) => {
      const more = has.get(row.id) ?? [];
      const length = words.get(row.id) ?? 0;
      const bm25 = more.reduce((sum, { rows }) => sum + bm25OfWord(size, rows, length), row.bm25);
      return { ...row, bm25, terms: row.terms + more.length };
    })
    .sort((a, b) => a.bm25 - b.bm25 || b.id - a.id);
}

const termsOf = (terms: readonly CountedTerm[]): string[] => terms.map(({ term }) => term);

const passagesWith = (
  database: Database,
  table: string,
  { joins, where, values }: Filter,
  terms: readonly CountedTerm[],
  most: number,
): Row[] =>
  database
    .prepare<[Record<string, unknown>], Row>(`
      SELECT p.id, p.row_id AS row, p.start_at AS start, p.end_at AS end, f.rank AS bm25
      FROM ${table} f JOIN passages p ON p.id = f.rowid ${joins}
      WHERE ${table} MATCH :match ${where} ORDER BY f.rank LIMIT :most`)
    .all({ ...values, match: matchExpression(termsOf(terms)), most });

/** The sign keeps SQLite from searching once for each of them, which takes far longer than to read all matches. */
const among = '+rowid IN (SELECT value FROM json_each(?))';

/** Which of the terms each passage has. @param ids of the passages, as JSON */
function termsOfEach(
  database: Database,
  table: string,
  terms: readonly CountedTerm[],
  match: (term: CountedTerm) => string,
  ids: string,
): Map<number, CountedTerm[]> {
  const has = new Map<number, CountedTerm[]>();
  const having = database
    .prepare<[string, string], number>(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND ${among}`,
    )
    .pluck();
  for (const term of terms) {
    for (const id of having.all(match(term), ids)) {
      const before = has.get(id);
      if (before === undefined) has.set(id, [term]);
      else before.push(term);
    }
  }
  return has;
}
