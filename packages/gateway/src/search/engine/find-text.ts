import type { Database } from '../../db/database.ts';
import { wordsTables } from '../index/words-tables.ts';
import type { TextFound } from '../rank/fuse.ts';
import { matchExpression } from '../text/match-expression.ts';
import { type Filter, filterOf } from './filter.ts';
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
): TextFound[] {
  if (terms.length === 0) return [];
  const filter = filterOf(scope);
  return wordsTables(database, scope.kind, scope.botId)
    .flatMap((table) => findIn(database, table, filter, terms, most))
    .sort((a, b) => a.bm25 - b.bm25 || b.row - a.row)
    .slice(0, most);
}

function findIn(
  database: Database,
  table: string,
  { joins, where, values }: Filter,
  terms: readonly string[],
  most: number,
): TextFound[] {
  const rows = database
    .prepare<[Record<string, unknown>], Row>(`
      SELECT p.id, p.row_id AS row, p.start_at AS start, p.end_at AS end, f.rank AS bm25
      FROM ${table} f JOIN passages p ON p.id = f.rowid ${joins}
      WHERE ${table} MATCH :match ${where} ORDER BY f.rank LIMIT :most`)
    .all({ ...values, match: matchExpression(terms), most });
  const best = new Map<number, Row>();
  for (const row of rows) if (!best.has(row.row)) best.set(row.row, row);
  const has = termsOf(database, table, terms, new Set([...best.values()].map(({ id }) => id)));
  return [...best.values()].map(({ id, ...found }) => ({ ...found, terms: has.get(id) ?? 1 }));
}

/** How many of the terms each passage has. */
function termsOf(
  database: Database,
  table: string,
  terms: readonly string[],
  passages: ReadonlySet<number>,
): Map<number, number> {
  const counted = new Map<number, number>();
  if (passages.size === 0) return counted;
  const statement = database
    .prepare<[string, string], number>(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND rowid IN (SELECT value FROM json_each(?))`,
    )
    .pluck();
  const ids = JSON.stringify([...passages]);
  for (const term of terms) {
    for (const id of statement.iterate(matchExpression([term]), ids))
      counted.set(id, (counted.get(id) ?? 0) + 1);
  }
  return counted;
}
