import { existsSync, rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Database } from '../db/database.ts';
import { AdoptFault } from './adopt-fault.ts';

/** What somebody would miss. Jobs that the gateway makes by itself are made again. */
const counted: Readonly<Record<string, string>> = {
  chat_messages: '',
  memory: '',
  gateway_sessions: '',
  cron_jobs: "WHERE job_type <> 'gateway'",
  turns: '',
  access_tokens: '',
  bot_tokens: '',
};

/** Rows of those tables, of those that there are. */
export function rowsOf(path: string): Record<string, number> {
  if (!existsSync(path)) return {};
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { readonly: true });
    const names = database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .pluck()
      .all();
    const found: Record<string, number> = {};
    for (const [table, where] of Object.entries(counted)) {
      if (!names.includes(table)) continue;
      const count = database.prepare<[], number>(`SELECT count(*) FROM ${table} ${where}`).pluck();
      found[table] = count.get() ?? 0;
    }
    if (names.length > 0 && Object.keys(found).length === 0) {
      throw new AdoptFault(
        `${path} is a database of another program. Name another file with DATABASE_PATH.`,
      );
    }
    return found;
  } catch (error) {
    if (error instanceof AdoptFault) throw error;
    throw new AdoptFault(
      `The file ${path}, where the database of the new gateway is to be, can't be read as one. ` +
        'Name another file with DATABASE_PATH.',
    );
  } finally {
    database?.close();
  }
}

/** Remove a database with its log. */
export function removeDatabase(path: string): void {
  for (const part of ['-wal', '-shm', '']) rmSync(path + part, { force: true });
}

/** Merge a database's log into it, so that its file is all of it. Nobody else may have it open. */
export function mergeLog(path: string): void {
  const database = new Sqlite(path);
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}
