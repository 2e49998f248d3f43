import type { Database } from '../../db/database.ts';
import type { TextFound } from '../rank/fuse.ts';
import { matchExpression } from '../text/match-expression.ts';
import { filterOf } from './filter.ts';
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
  const { joins, where, values } = filterOf(scope);
  const match = matchExpression(scope.kind, scope.botId, terms);
  const rows = database
    .prepare<[Record<string, unknown>], Row>(`
      SELECT p.id, p.row_id AS row, p.start_at AS start, p.end_at AS end, f.rank AS bm25
      FROM passage_words f JOIN passages p ON p.id = f.rowid ${joins}
      WHERE f.passage_words MATCH :match ${where} ORDER BY f.rank LIMIT :most`)
    .all({ ...values, match, most });
  const best = new Map<number, Row>();
  for (const row of rows) if (!best.has(row.row)) best.set(row.row, row);
  const has = termsOf(database, scope, terms, new Set([...best.values()].map(({ id }) => id)));
  return [...best.values()].map(({ id, ...found }) => ({ ...found, terms: has.get(id) ?? 1 }));
}

/** How many of the terms each passage has. */
function termsOf(
  database: Database,
  scope: Scope,
  terms: readonly string[],
  passages: ReadonlySet<number>,
): Map<number, number> {
  const counted = new Map<number, number>();
  if (passages.size === 0) return counted;
  const statement = database
    .prepare<[string, string], number>(
      'SELECT rowid FROM passage_words WHERE passage_words MATCH ? AND rowid IN (SELECT value FROM json_each(?))',
    )
    .pluck();
  const ids = JSON.stringify([...passages]);
  for (const term of terms) {
    const match = matchExpression(scope.kind, scope.botId, [term]);
    for (const id of statement.iterate(match, ids)) counted.set(id, (counted.get(id) ?? 0) + 1);
  }
  return counted;
}
