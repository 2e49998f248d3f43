import type { Database } from '../../db/database.ts';
import { wordsTables } from '../index/words-tables.ts';
import type { TextFound } from '../rank/fuse.ts';
import { matchExpression } from '../text/match-expression.ts';
import type { Estimate } from './estimates.ts';
import { type Filter, filterOf } from './filter.ts';
import { rarestTerms } from './rarest-terms.ts';
import type { Scope } from './search-request.ts';

interface Row {
  readonly id: number;
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly bm25: number;
}

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
  const rows = bestPassages(database, table, filter, terms, most, estimate);
  const best = new Map<number, Row>();
  for (const row of rows) if (!best.has(row.row)) best.set(row.row, row);
  const has = termsOf(database, table, terms, idsOf([...best.values()]));
  return [...best.values()].map(({ id, ...found }) => ({ ...found, terms: has.get(id) ?? 1 }));
}

/** By the rarest terms first; where there are others, in the order of all of them. */
function bestPassages(
  database: Database,
  table: string,
  filter: Filter,
  terms: readonly string[],
  most: number,
  estimate: Estimate,
): Row[] {
  const rarest = rarestTerms(database, table, terms, estimate);
  if (rarest.length === terms.length) return passagesWith(database, table, filter, terms, most);
  const candidates = passagesWith(database, table, filter, rarest, most * 2);
  const ranks = database
    .prepare<[string, string], { id: number; bm25: number }>(
      `SELECT rowid AS id, rank AS bm25 FROM ${table} WHERE ${table} MATCH ? AND ${among}`,
    )
    .all(matchExpression(terms), idsOf(candidates));
  const ofAll = new Map(ranks.map(({ id, bm25 }) => [id, bm25]));
  return candidates
    .map((row) => ({ ...row, bm25: ofAll.get(row.id) ?? row.bm25 }))
    .sort((a, b) => a.bm25 - b.bm25 || b.id - a.id)
    .slice(0, most);
}

const passagesWith = (
  database: Database,
  table: string,
  { joins, where, values }: Filter,
  terms: readonly string[],
  most: number,
): Row[] =>
  database
    .prepare<[Record<string, unknown>], Row>(`
      SELECT p.id, p.row_id AS row, p.start_at AS start, p.end_at AS end, f.rank AS bm25
      FROM ${table} f JOIN passages p ON p.id = f.rowid ${joins}
      WHERE ${table} MATCH :match ${where} ORDER BY f.rank LIMIT :most`)
    .all({ ...values, match: matchExpression(terms), most });

/** The sign keeps SQLite from searching once for each of them, which takes far longer than to read all matches. */
const among = '+rowid IN (SELECT value FROM json_each(?))';

const idsOf = (rows: readonly Row[]): string => JSON.stringify(rows.map(({ id }) => id));

/** How many of the terms each passage has. @param ids as JSON */
function termsOf(
  database: Database,
  table: string,
  terms: readonly string[],
  ids: string,
): Map<number, number> {
  const counted = new Map<number, number>();
  const statement = database
    .prepare<[string, string], number>(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND ${among}`,
    )
    .pluck();
  for (const term of terms) {
    for (const id of statement.iterate(matchExpression([term]), ids))
      counted.set(id, (counted.get(id) ?? 0) + 1);
  }
  return counted;
}
