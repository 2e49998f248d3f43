import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { makePrivate } from '../host/files/make-private.ts';
import { type Database, DatabaseError, unopenable, wordsOf } from './database.ts';

/** Another process has the database. */
export class DatabaseHeldError extends DatabaseError {}

const Coded = z.object({ code: z.string() });

/**
 * The one name of a database file, whatever links lead to it: who holds it, and which processes are its
 * gateway's, goes by the name.
 */
export function realDatabasePath(path: string): string {
  if (path === ':memory:') return path;
  if (existsSync(path)) return realpathSync(path);
  const directory = dirname(path);
  return existsSync(directory) ? join(realpathSync(directory), basename(path)) : path;
}

/**
 * Take a database for this process alone: two gateways on one file would run each turn twice. What holds
 * it is an open transaction on a file beside it, which the system ends with the process, however it dies.
 * @returns how to give it back
 * @throws DatabaseHeldError that says who holds it; DatabaseError that says why it can't be opened
 */
export function holdDatabase(path: string): () => void {
  if (path === ':memory:') return () => {};
  const holder = `${path}.pid`;
  const lock = openLock(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    // Made anew: one that is there may be open to others, or a link.
    rmSync(holder, { force: true });
    writeFileSync(holder, String(process.pid), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    lock.close();
    if (!Coded.safeParse(cause).data?.code.startsWith('SQLITE_BUSY')) {
      throw new DatabaseError(`The database ${path} can't be used: ${wordsOf(cause)}.`, { cause });
    }
    throw new DatabaseHeldError(
      `The database ${path} is in use by another gateway (process ${pidIn(holder)}). ` +
        'Stop that one first, or name another file with DATABASE_PATH.',
      { cause },
    );
  }
  return () => lock.close();
}

function openLock(path: string): Database {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Whoever may read it could hold it.
    makePrivate(`${path}.lock`);
    return new Sqlite(`${path}.lock`, { timeout: 0 });
  } catch (cause) {
    throw unopenable(path, cause);
  }
}

function pidIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
