import { closeSync, fsyncSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { checkIntegrity } from '../db/check-integrity.ts';
import type { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { adoptedVersion, oldSystem } from '../db/migrations/008-old-system.ts';
import { makePrivate } from '../host/files/make-private.ts';
import { AdoptFault } from './adopt-fault.ts';
import { type CarriedVectors, carryVectors } from './carry-vectors.ts';
import { type Cells, isKnownTable, type OldTable, oldTables } from './old-tables.ts';
import { isDamage, type RowRange, readRows } from './read-rows.ts';

/** What became of one table. */
export interface CarriedTable {
  readonly name: string;
  /** `absent`: its version has none yet; `missing`: it should have one. */
  readonly state: 'there' | 'absent' | 'missing';
  readonly carried: number;
  /** Rows that came over with something in place of a value that could not be used. */
  readonly mended: number;
  /** Rows that were read, and are not usable, by the reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Numbers of rows that can't be read. */
  readonly unreadable: readonly RowRange[];
}

/** A table that is none of ours. */
export interface LeftTable {
  readonly name: string;
  /** undefined: they can't be counted. */
  readonly rows: number | undefined;
}

/** What came over of a database, and what not. */
export interface Rebuilt {
  readonly version: number;
  readonly tables: readonly CarriedTable[];
  readonly left: readonly LeftTable[];
  readonly vectors: CarriedVectors;
}

/** Told from time to time how many rows of a table have been read. */
export type OnRows = (table: string, rows: number) => void;

const tellEvery = 1000;

/**
 * Make a database of ours from what can be read of an old one, whichever of its versions that has.
 * @param path of a file that is not there yet
 * @param now ISO 8601, for times that are missing
 * @throws AdoptFault for a file of another program, or one of ours
 */
export function rebuild(old: Database, path: string, now: string, onRows: OnRows): Rebuilt {
  const names = tableNames(old);
  const version = versionOf(old, names);
  makePrivate(path);
  const database = new Sqlite(path);
  try {
    // Nobody has use for a half of it: it is written at once, and made sure at the end.
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma('foreign_keys = OFF');
    database.exec(oldSystem.sql);
    database.exec('CREATE TABLE _schema_version (version INTEGER NOT NULL)');
    database.prepare('INSERT INTO _schema_version VALUES (?)').run(adoptedVersion);
    const tables = database.transaction(() =>
      oldTables.map((table) => {
        const there = names.includes(table.name);
        if (there) return carryTable(old, database, table, now, onRows);
        return nothingOf(table.name, version < table.since ? 'absent' : 'missing');
      }),
    )();
    carrySequences(old, database, names);
    const vectors = carryVectors(old, database, names, onRows);
    migrate(database, 'keep no copy');
    checkIntegrity(database);
    return { version, tables, left: leftTables(old, names), vectors };
  } finally {
    database.close();
    flush(path);
  }
}

function tableNames(old: Database): string[] {
  return old
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .pluck()
    .all()
    .filter((name) => typeof name === 'string');
}

/** Of a file whose version can't be read, the last is taken: which columns there are is looked at anyway. */
function versionOf(old: Database, names: readonly string[]): number {
  if (!oldTables.some(({ name }) => names.includes(name))) {
    throw new AdoptFault(
      `The database has no table of the old system (it has: ${names.join(', ') || 'none'}).`,
    );
  }
  const version = readVersion(old, names);
  if (version <= adoptedVersion) return version;
  throw new AdoptFault(
    `The database is of version ${version}: it is one of this program, and needs no taking over. ` +
      'Name it with DATABASE_PATH.',
  );
}

function readVersion(old: Database, names: readonly string[]): number {
  if (!names.includes('_schema_version'))
    return names.includes('gateway_sessions') ? adoptedVersion : 1;
  try {
    const found = old.prepare('SELECT max(version) FROM _schema_version').pluck().get();
    return typeof found === 'number' ? found : adoptedVersion;
  } catch (error) {
    if (isDamage(error)) return adoptedVersion;
    throw error;
  }
}

const nothingOf = (name: string, state: CarriedTable['state']): CarriedTable => ({
  name,
  state,
  carried: 0,
  mended: 0,
  refused: {},
  unreadable: [],
});

function carryTable(
  old: Database,
  database: Database,
  { name, columns, convert }: OldTable,
  now: string,
  onRows: OnRows,
): CarriedTable {
  const has = columnsOf(old, name);
  const insert = database.prepare<[Cells]>(
    `INSERT OR IGNORE INTO ${name} (${columns.join(', ')}) VALUES (${columns.map((c) => `:${c}`).join(', ')})`,
  );
  const refused: Record<string, number> = {};
  let [read, carried, mended] = [0, 0, 0];
  let before: Cells | undefined;
  const refuse = (why: string): void => {
    refused[why] = (refused[why] ?? 0) + 1;
  };
  const unreadable = readRows(
    old,
    name,
    columns.filter((column) => has.includes(column)),
    (row) => {
      read += 1;
      if (read % tellEvery === 0) onRows(name, read);
      const converted = convert(row, { now, before });
      if (converted.kind === 'refused') return refuse(converted.why);
      if (insert.run(converted.cells).changes === 0) return refuse('another has its name already');
      before = converted.cells;
      carried += 1;
      if (converted.mended.length > 0) mended += 1;
    },
  );
  onRows(name, read);
  return { name, state: 'there', carried, mended, refused, unreadable };
}

const columnsOf = (old: Database, table: string): string[] =>
  old.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);

/** Numbers of rows that were deleted are not given again. */
function carrySequences(old: Database, database: Database, names: readonly string[]): void {
  if (!names.includes('sqlite_sequence')) return;
  const find = database
    .prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?')
    .pluck();
  const raise = database.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?');
  const begin = database.prepare('INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)');
  for (const { name } of oldTables) {
    const before = sequenceOf(old, name);
    const present = find.get(name);
    if (present === undefined && before > 0 && name !== 'gateway_sessions') begin.run(before, name);
    else if (present !== undefined && before > present) raise.run(before, name);
  }
}

function sequenceOf(old: Database, table: string): number {
  try {
    const sql = 'SELECT seq FROM sqlite_sequence WHERE name = ?';
    const found = old.prepare<[string], unknown>(sql).pluck().get(table);
    return typeof found === 'number' && Number.isSafeInteger(found) ? found : 0;
  } catch (error) {
    if (isDamage(error)) return 0;
    throw error;
  }
}

function leftTables(old: Database, names: readonly string[]): LeftTable[] {
  return names
    .filter((name) => !isKnownTable(name))
    .map((name) => ({ name, rows: countRows(old, name) }));
}

function countRows(old: Database, table: string): number | undefined {
  try {
    const sql = `SELECT count(*) FROM "${table.replaceAll('"', '""')}"`;
    return old.prepare<[], number>(sql).pluck().get();
  } catch {
    return undefined;
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
