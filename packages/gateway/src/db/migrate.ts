import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Database, DatabaseError } from './database.ts';
import { adoptedVersion, migrations } from './migrations/index.ts';

/** The schema that this program works with. */
export const newestVersion = migrations.at(-1)?.version ?? adoptedVersion;

/** 0 in a file that has no tables yet. */
export function versionOf(database: Database): number {
  const table = database
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_schema_version'")
    .get();
  if (table === undefined) return 0;
  const row = database
    .prepare<[], { version: number | null }>('SELECT MAX(version) AS version FROM _schema_version')
    .get();
  return row?.version ?? 0;
}

/**
 * Bring a database to the newest schema: all steps that it lacks in one transaction, after a copy of the
 * file where there was something in it (`{file}.v{version}.{Unix milliseconds}.bak`). To be called for
 * files that {@link refuseForeign} let pass.
 * @param before what becomes of the file as it was
 */
export function migrate(
  database: Database,
  before: 'keep a copy' | 'keep no copy' = 'keep a copy',
): void {
  const version = versionOf(database);
  if (version === newestVersion) return;
  if (before === 'keep a copy' && version > 0 && !database.memory) backUp(database, version);
  database.transaction(() => {
    database.exec('CREATE TABLE IF NOT EXISTS _schema_version (version INTEGER NOT NULL)');
    for (const step of migrations) if (step.version > version) database.exec(step.sql);
    database.prepare('INSERT INTO _schema_version (version) VALUES (?)').run(newestVersion);
  })();
}

/**
 * Nothing is written.
 * @throws DatabaseError for a file of another kind or version
 */
export function refuseForeign(database: Database): void {
  const version = versionOf(database);
  const file = `The database ${database.name}`;
  if (version > newestVersion) {
    throw new DatabaseError(
      `${file} is of version ${version}; this program knows versions up to ${newestVersion}. ` +
        'Update the program, or name another file with DATABASE_PATH.',
    );
  }
  if (version > 0 && version < adoptedVersion) {
    throw new DatabaseError(
      `${file} is of version ${version} of the old system. Take it over, which leaves it as it is, into another ` +
        'file: mini-claude-bot adopt FILE.',
    );
  }
  const tables = database
    .prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'")
    .pluck();
  if (version === 0 && tables.get() !== 0) {
    throw new DatabaseError(
      `${file} belongs to another program. Name another file with DATABASE_PATH.`,
    );
  }
}

/** A copy that is whole by itself, with what is still in the write-ahead log. */
function backUp(database: Database, version: number): void {
  const target = `${database.name}.v${version}.${Date.now()}.bak`;
  const partial = `${target}.partial`;
  // It is made with rights of its own first: SQLite writes into an empty file.
  writeFileSync(partial, '', { mode: 0o600 });
  try {
    database.prepare('VACUUM INTO ?').run(partial);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
