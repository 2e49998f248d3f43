import { constants, copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Database, wordsOf } from '../db/database.ts';
import { AdoptFault } from './adopt-fault.ts';
import { looksLikeDatabase } from './looks-like-database.ts';
import { processesWithFile } from './processes-with-file.ts';

/** The log of a database, and what else may lie beside one. */
const companions = ['', '-wal', '-journal'] as const;
const pagesAtATime = 100_000;

/** A copy of the old database, and who had the original open meanwhile. */
export interface CopiedDatabase {
  /** The old system seems to run: it has its database open. Ids of processes; none where only its log tells. */
  readonly openIn: { readonly processes: readonly number[] } | undefined;
}

/**
 * Copy a database as it is at one moment, and change nothing of it. One that a process has open is copied
 * by SQLite itself, page by page, beside whatever is written; one that nobody has open is copied as files, with
 * its log: to open it would write beside it.
 * @param from of the file; @param to where nothing may be yet
 * @throws AdoptFault for a file that is no database, or can't be read
 */
export async function copyDatabase(from: string, to: string): Promise<CopiedDatabase> {
  try {
    if (!looksLikeDatabase(from)) {
      throw new AdoptFault(
        `${from} does not begin as an SQLite database does: it is another file, or its first page is damaged. ` +
          'What is left of one can perhaps be saved with: sqlite3 FILE .recover',
      );
    }
    const processes = processesWithFile(from);
    const open = processes === undefined ? existsSync(`${from}-shm`) : processes.length > 0;
    if (!open && copyFiles(from, to)) return { openIn: undefined };
    await backUp(from, to);
    return { openIn: { processes: processes ?? [] } };
  } catch (error) {
    if (error instanceof AdoptFault) throw error;
    throw new AdoptFault(`${from} can't be copied: ${wordsOf(error)}.`);
  }
}

/** @returns whether nothing was written meanwhile */
function copyFiles(from: string, to: string): boolean {
  const before = stateOf(from);
  for (const part of companions)
    if (existsSync(from + part)) copyFileSync(from + part, to + part, constants.COPYFILE_FICLONE);
  if (stateOf(from) === before) return true;
  for (const part of companions) rmSync(to + part, { force: true });
  return false;
}

const stateOf = (path: string): string =>
  companions
    .map((part) => statSync(path + part, { throwIfNoEntry: false, bigint: true }))
    .map((stat) => (stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`))
    .join();

async function backUp(from: string, to: string): Promise<void> {
  const source = new Sqlite(from, { readonly: true });
  try {
    await source.backup(to, { progress: () => pagesAtATime });
  } finally {
    source.close();
  }
}

/**
 * Open the copy. What its log holds is merged into it; of a schema that is damaged in part, the rest is used.
 * @throws AdoptFault when nothing can be read of it
 */
export function openCopy(path: string): Database {
  const database = new Sqlite(path);
  try {
    // A copy by SQLite of a database with a log would else want one, too.
    database.pragma('journal_mode = DELETE');
    return database;
  } catch {
    return openDamaged(database);
  }
}

function openDamaged(database: Database): Database {
  try {
    database.unsafeMode(true);
    database.pragma('writable_schema = ON');
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return database;
  } catch (error) {
    database.close();
    throw new AdoptFault(
      `The old database is damaged where it says which tables there are (${wordsOf(error)}): nothing can be ` +
        'read. Try sqlite3 FILE .recover, and take over what that makes.',
    );
  }
}
