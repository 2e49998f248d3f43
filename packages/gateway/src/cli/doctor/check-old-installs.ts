import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { adoptedVersion } from '../../db/migrations/index.ts';
import { type Finding, warning } from './finding.ts';

/** Below the home directory; what lies deeper, or in hidden places, is not looked for. */
const levels = 2;
const mostEntries = 5_000;

/**
 * Databases of the system before this one that are not used: two that answer the same bot get in each other's way.
 * @param used the database of this configuration
 */
export function checkOldInstalls(home: string, used: string): Finding[] {
  const budget = { entries: mostEntries };
  return databasesBelow(home, levels, budget)
    .filter((path) => path !== used && isOldSystem(path))
    .map((path) =>
      warning(
        'old_install',
        `${path} is of an installation of the old system.`,
        'Stop that system, and take its database over: name a copy of it with DATABASE_PATH. Or remove it.',
      ),
    );
}

function databasesBelow(directory: string, depth: number, budget: { entries: number }): string[] {
  return entriesOf(directory).flatMap((entry) => {
    budget.entries -= 1;
    if (budget.entries < 0 || entry.name.startsWith('.')) return [];
    const path = join(directory, entry.name);
    if (entry.isFile() && /\.(db|sqlite3?)$/.test(entry.name)) return [realpathSync(path)];
    return entry.isDirectory() && depth > 0 ? databasesBelow(path, depth - 1, budget) : [];
  });
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** It is only read. */
function isOldSystem(path: string): boolean {
  try {
    const database = new Sqlite(path, { readonly: true, timeout: 100 });
    try {
      const tables = database
        .prepare(
          "SELECT count(*) FROM sqlite_master WHERE name IN ('gateway_sessions', 'cron_jobs')",
        )
        .pluck();
      const version = database.prepare('SELECT MAX(version) FROM _schema_version').pluck();
      return tables.get() === 2 && Number(version.get()) <= adoptedVersion;
    } finally {
      database.close();
    }
  } catch {
    // Of another program, or not to be read.
    return false;
  }
}
