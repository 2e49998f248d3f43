import Sqlite from 'better-sqlite3';
import { type Database, wordsOf } from '../db/database.ts';
import type { Probe } from './health-finding.ts';

/** Nobody else should write for long; turns wait longer than this. In milliseconds. */
const busyMs = 100;
const usualBusyMs = 5_000;

/** Whether the database takes what is written: not everything that can be opened does. */
export function probeDatabase(database: Database, now: () => number): Probe {
  const write = database.prepare<[number]>(
    'INSERT INTO pulse (id, at_ms) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms',
  );
  return () => {
    database.pragma(`busy_timeout = ${busyMs}`);
    try {
      write.run(now());
      return undefined;
    } catch (error) {
      const busy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
      return {
        id: busy ? 'database_busy' : 'database_unwritable',
        found: busy
          ? 'Another program keeps the database from being written.'
          : `The database can't be written: ${wordsOf(error)}.`,
        fix: busy
          ? 'Find out which program has the file open, and end it.'
          : 'Make room on its disk, or look at the rights of the file.',
        restart_helps: false,
      };
    } finally {
      database.pragma(`busy_timeout = ${usualBusyMs}`);
    }
  };
}
