import type { Database } from '../../db/database.ts';
import type { Estimate } from './estimates.ts';

/** To rank that many matches takes a few milliseconds. */
const mostMatches = 2_000;

/** A term, and how many passages have it. */
export interface CountedTerm {
  readonly term: string;
  readonly rows: number;
}

/** The terms of a query by how much they tell rows apart. */
export interface TermsByRarity {
  /** What to look for rows by: as many as there is time to rank the matches of, the rarest first. */
  readonly rarest: readonly CountedTerm[];
  /** The others: they say little of a row, but put those that were found in order. */
  readonly frequent: readonly CountedTerm[];
}

/** Whoever looks for a frequent word alone gets it all the same. */
export function termsByRarity(
  database: Database,
  table: string,
  terms: readonly string[],
  estimate: Estimate,
): TermsByRarity {
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
  let sum = 0;
  let end = 0;
  for (const { rows } of counted) {
    if (sum >= mostMatches) break;
    sum += rows;
    end += 1;
  }
  return { rarest: counted.slice(0, end), frequent: counted.slice(end) };
}
