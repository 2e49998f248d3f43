import type Sqlite from 'better-sqlite3';

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

/** What a fault of the system or of SQLite says. */
export const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
