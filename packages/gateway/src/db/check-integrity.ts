import { type Database, DatabaseError } from './database.ts';

/**
 * Read all of a database once, and compare what must agree: better not to start than to write on damage.
 * @throws DatabaseError that says what is damaged, and what to do
 */
export function checkIntegrity(database: Database): void {
  const found = database.prepare<[], string>('PRAGMA integrity_check(3)').pluck().all();
  if (found.length === 1 && found[0] === 'ok') return;
  throw new DatabaseError(
    `The database ${database.name} is damaged (${found.join('; ')}). Restore a backup, such as the newest ` +
      `${database.name}.*.bak, or save what can be read: sqlite3 ${database.name} .recover`,
  );
}
