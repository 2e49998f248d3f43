import type { Database } from '../../db/database.ts';
import type { Estimate } from './estimates.ts';

/** To rank that many matches takes a few milliseconds. */
const mostMatches = 2_000;

/**
 * The terms to look for rows by, the rarest first: as many as there is time to rank the matches of. Frequent words say
 * little of a row; whoever looks for one alone gets it all the same.
 */
export function rarestTerms(
  database: Database,
  table: string,
  terms: readonly string[],
  estimate: Estimate,
): readonly string[] {
  const vocabulary = `${table}_terms`;
  // In the temporary schema of this connection alone: nothing is written to the file.
  database.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.${vocabulary} USING fts5vocab('main', '${table}', 'row')`,
  );
  const matches = database
    .prepare<[string], number>(`SELECT doc FROM temp.${vocabulary} WHERE term = ?`)
    .pluck();
  const counted = terms
    .map((term) => ({
      term,
      rows: estimate(`${table} ${term}`, () => matches.get(term) ?? 0),
    }))
    .sort((a, b) => a.rows - b.rows);
  const rarest: string[] = [];
  let sum = 0;
  for (const { term, rows } of counted) {
    if (sum >= mostMatches) break;
    rarest.push(term);
    sum += rows;
  }
  return rarest;
}
