import Sqlite from 'better-sqlite3';
import { type Database, wordsOf } from '../db/database.ts';

export type OldRow = Readonly<Record<string, unknown>>;

/** Numbers of rows from one to another, both included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Looking for what is readable behind damage has an end, however large the hole is. */
const mostFailures = 200_000;

/**
 * Read all rows of a table, in their order; around what is damaged, those before and behind it.
 * @param columns to be read, all of which the table has
 * @returns where rows could not be read; there may have been one for each number, or none
 */
export function readRows(
  database: Database,
  table: string,
  columns: readonly string[],
  use: (row: OldRow) => void,
): RowRange[] {
  const names = ['rowid AS "_rowid"', ...columns.map((name) => `"${name}"`)].join(', ');
  const from = `SELECT ${names} FROM "${table}" NOT INDEXED`;
  const holes: RowRange[] = [];
  let failures = 0;

  /** @returns the last row that was read, and whether all were */
  const read = (low: number, high: number | undefined): { last: number; whole: boolean } => {
    let last = low - 1;
    const where = high === undefined ? `rowid >= ${low}` : `rowid >= ${low} AND rowid <= ${high}`;
    try {
      const rows = database.prepare<[], OldRow>(`${from} WHERE ${where} ORDER BY rowid`).iterate();
      for (const row of rows) {
        const id = Number(row._rowid);
        // Damaged pages may lead in circles.
        if (id <= last) return { last, whole: false };
        use(row);
        last = id;
      }
      return { last, whole: true };
    } catch (error) {
      if (!isDamage(error)) throw error;
      failures += 1;
      return { last, whole: false };
    }
  };

  const around = (low: number, high: number): void => {
    if (low > high) return;
    const { last, whole } =
      failures < mostFailures ? read(low, high) : { last: low - 1, whole: false };
    if (whole) return;
    const next = last + 1;
    if (next > high) return;
    if (next === high || failures >= mostFailures) {
      add(holes, { from: next, to: high });
      return;
    }
    const middle = next + Math.floor((high - next) / 2);
    around(next, middle);
    around(middle + 1, high);
  };

  const all = read(Number.MIN_SAFE_INTEGER, undefined);
  if (all.whole) return [];
  const next = Math.max(all.last + 1, 1);
  const end = lastRow(database, table);
  if (end === undefined) add(holes, { from: next, to: next });
  else around(next, end);
  return holes;
}

function add(holes: RowRange[], { from, to }: RowRange): void {
  const before = holes.at(-1);
  if (before !== undefined && before.to + 1 === from)
    holes[holes.length - 1] = { from: before.from, to };
  else holes.push({ from, to });
}

/** The largest number that a row has, or ever had; undefined: that can't be found out. */
function lastRow(database: Database, table: string): number | undefined {
  const asks = [
    `SELECT max(rowid) FROM "${table}"`,
    `SELECT seq FROM sqlite_sequence WHERE name = '${table}'`,
  ];
  for (const sql of asks) {
    try {
      const found = database.prepare<[], unknown>(sql).pluck().get();
      if (typeof found === 'number') return found;
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  }
  return undefined;
}

/** Of a file that says what can't be, or a table that is named and not there. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError &&
  (/^SQLITE_(CORRUPT|IOERR|NOTADB)/.test(error.code) ||
    (error.code === 'SQLITE_ERROR' && /malformed|no such table/.test(wordsOf(error))));
