import Sqlite from 'better-sqlite3';
import { checkIntegrity } from '../db/check-integrity.ts';
import { wordsOf } from '../db/database.ts';
import { refuseForeign, versionOf } from '../db/migrate.ts';
import { makePrivate } from '../host/files/make-private.ts';
import { BackupError } from './backup-error.ts';

/** More than any database has: all of it in one step. */
const allPages = 2 ** 31 - 1;
/** How long somebody else may keep the database from being read, in milliseconds. */
const busyMs = 30_000;

/** What a copied database is. */
export interface Snapshot {
  /** Version of its schema. */
  readonly schema: number;
  /** Claude's sessions that it knows. */
  readonly sessions: readonly string[];
}

/**
 * Copy a database that may be written meanwhile, in one read transaction: every row is in it that was committed
 * before, and no half of anything. It blocks this thread; those who write wait for nothing.
 * @param target of the copy, which is checked
 * @throws BackupError
 */
export async function snapshotDatabase(path: string, target: string): Promise<Snapshot> {
  try {
    const source = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: busyMs });
    try {
      makePrivate(target);
      await source.backup(target, { progress: () => allPages });
    } finally {
      source.close();
    }
    return inspectDatabase(target);
  } catch (error) {
    throw new BackupError(`The database ${path} can't be backed up: ${wordsOf(error)}`);
  }
}

/**
 * Read a copy from end to end.
 * @throws DatabaseError for one that is damaged, or not ours, or newer than this program; SQLite's own error
 */
export function inspectDatabase(copy: string): Snapshot {
  const database = new Sqlite(copy);
  try {
    // A copy is one file: it leaves no log beside it.
    database.pragma('journal_mode = DELETE');
    refuseForeign(database);
    checkIntegrity(database);
    return { schema: versionOf(database), sessions: sessionsIn(database) };
  } finally {
    database.close();
  }
}

function sessionsIn(database: Sqlite.Database): string[] {
  const tables = database
    .prepare<[], string>(
      `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.rootpage > 0 AND c.name = 'claude_session_id'`,
    )
    .pluck()
    .all();
  const ids = tables.flatMap((table) =>
    database
      .prepare<[], string>(
        `SELECT DISTINCT claude_session_id FROM "${table}" WHERE claude_session_id IS NOT NULL`,
      )
      .pluck()
      .all(),
  );
  return [...new Set(ids)];
}
