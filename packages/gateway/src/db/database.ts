import type Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;

/** The database can't be used. The message says which file, why, and what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}
