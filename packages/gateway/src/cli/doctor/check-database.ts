import { existsSync, readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { DatabaseError } from '../../db/database.ts';
import { realDatabasePath } from '../../db/hold-database.ts';
import { refuseForeign } from '../../db/migrate.ts';
import { type Finding, ok, problem, wordsOf } from './finding.ts';

/** Whether the file is one of ours. It is only read: the gateway brings it up to date when it starts. */
export function checkDatabase(path: string): Finding {
  if (path === ':memory:') return ok('database', 'The database is in memory, and lost at the end.');
  if (!existsSync(path)) return ok('database', `The database ${path} is made at the first start.`);
  try {
    readSchema(path);
    return ok('database', `The database ${path} can be used.`);
  } catch (error) {
    if (error instanceof DatabaseError) return problem('database', error.message, otherFile);
    return problem(
      'database',
      `The database ${path} can't be used: ${wordsOf(error)}`,
      `Restore it from a backup, or give your user the right to read and write it. ${otherFile}`,
    );
  }
}

const otherFile = 'Or name another file with DATABASE_PATH.';

/** @throws DatabaseError for a file of another kind or version; SQLite's own error for a broken one */
function readSchema(path: string): void {
  const database = new Sqlite(path, { readonly: true, timeout: 1000 });
  try {
    refuseForeign(database);
  } finally {
    database.close();
  }
}

/** The process that holds a database, as its gateway wrote it down; undefined when none does. */
export function databaseHolder(path: string): string | undefined {
  const real = realDatabasePath(path);
  if (!existsSync(`${real}.lock`)) return undefined;
  const lock = new Sqlite(`${real}.lock`, { readonly: true, timeout: 0 });
  try {
    lock.prepare('SELECT count(*) FROM sqlite_master').get();
    return undefined;
  } catch {
    return pidIn(`${real}.pid`);
  } finally {
    lock.close();
  }
}

function pidIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
