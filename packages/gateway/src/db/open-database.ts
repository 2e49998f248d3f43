import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Database, DatabaseError } from './database.ts';
import { migrate } from './migrate.ts';

/**
 * Open the database, make it where it is missing, and bring it to the present schema.
 * @param path of the file, or `:memory:`
 * @throws DatabaseError
 */
export function openDatabase(path: string): Database {
  const database = openFile(path);
  try {
    // With WAL a commit survives the death of the process; only one of the machine can take the last ones.
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.pragma('busy_timeout = 5000');
    migrate(database);
    return database;
  } catch (cause) {
    database.close();
    if (cause instanceof DatabaseError) throw cause;
    throw new DatabaseError(`The database ${path} can't be used: ${wordsOf(cause)}`, { cause });
  }
}

function openFile(path: string): Database {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new Sqlite(path);
    // It holds what people wrote to their bot.
    if (path !== ':memory:') chmodSync(path, 0o600);
    return database;
  } catch (cause) {
    const what = 'Correct DATABASE_PATH, or the rights of that directory.';
    throw new DatabaseError(`The database ${path} can't be opened: ${wordsOf(cause)}. ${what}`, {
      cause,
    });
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
