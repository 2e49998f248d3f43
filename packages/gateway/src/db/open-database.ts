import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { makePrivate } from '../host/files/make-private.ts';
import { checkIntegrity } from './check-integrity.ts';
import { type Database, DatabaseError, unopenable, wordsOf } from './database.ts';
import { migrate, refuseForeign } from './migrate.ts';

/**
 * Open the database, make it where it is missing, and bring it to the present schema.
 * @param path of the file, or `:memory:`
 * @throws DatabaseError; a file that is not ours, or of a newer version, is left as it is
 */
export function openDatabase(path: string): Database {
  leaveForeign(path);
  const database = openFile(path);
  try {
    refuseForeign(database);
    checkIntegrity(database);
    // It holds what people wrote to their bot. Its log, of which some may be left, has the same rights.
    if (!database.memory)
      for (const file of [path, `${path}-wal`, `${path}-shm`])
        if (existsSync(file)) chmodSync(file, 0o600);
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

/** A file that is not for us is only read: to open it for writing would merge its log into it. */
function leaveForeign(path: string): void {
  if (path === ':memory:' || !existsSync(path)) return;
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { readonly: true });
    refuseForeign(database);
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause;
    // What else is wrong with it is told by those who open it.
  } finally {
    database?.close();
  }
}

function openFile(path: string): Database {
  try {
    if (path !== ':memory:' && !existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      makePrivate(path);
    }
    return new Sqlite(path);
  } catch (cause) {
    throw unopenable(path, cause);
  }
}
