import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Database, wordsOf } from '../../db/database.ts';
import { realDatabasePath } from '../../db/hold-database.ts';
import { UserFault } from '../user-fault.ts';

/**
 * The database with the audit in it, whether a gateway runs on it or not.
 * @throws UserFault where there is none
 */
export function openAudit(databasePath: string, access: 'read' | 'write'): Database {
  const path = realDatabasePath(databasePath);
  if (path === ':memory:' || !existsSync(path)) {
    throw new UserFault(
      `There is no database ${path} yet: nothing was done that an audit could tell.`,
    );
  }
  let database: Database | undefined;
  try {
    database = new Sqlite(path, {
      readonly: access === 'read',
      fileMustExist: true,
      timeout: 5000,
    });
    database.pragma('foreign_keys = ON');
    if (hasAudit(database)) return database;
  } catch (error) {
    database?.close();
    throw new UserFault(`The database ${path} can't be read: ${wordsOf(error)}`);
  }
  database.close();
  throw new UserFault(
    `The database ${path} has no audit yet: a gateway of this version makes it when it starts.`,
  );
}

const hasAudit = (database: Database): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit_outcomes'").get() !== undefined;
