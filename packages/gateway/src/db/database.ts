import Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;

/** The database can't be used. The message says which file, why, and what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** The file, or its directory, can't be made or opened. */
export const unopenable = (path: string, cause: unknown): DatabaseError =>
  new DatabaseError(
    `The database ${path} can't be opened: ${wordsOf(cause)}. ` +
      'Correct DATABASE_PATH, or the rights of that directory.',
    { cause },
  );

/** The disk is full, or can't be written for another reason that may pass. */
export const isUnwritable = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError &&
  /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN)/.test(error.code);

/** What a fault of the system or of SQLite says. */
export const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
