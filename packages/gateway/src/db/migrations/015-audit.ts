import type { Migration } from './migration.ts';

const refuse = "RAISE(ABORT, 'the audit is append-only')";

const guards = (table: string): string => `
    CREATE TRIGGER ${table}_not_changed BEFORE UPDATE ON ${table} BEGIN SELECT ${refuse}; END;
    CREATE TRIGGER ${table}_not_deleted BEFORE DELETE ON ${table} BEGIN SELECT ${refuse}; END;
    CREATE TRIGGER ${table}_not_replaced BEFORE INSERT ON ${table}
      WHEN EXISTS (SELECT 1 FROM ${table} WHERE rowid = NEW.rowid) BEGIN SELECT ${refuse}; END;`;

/**
 * What was done that can do harm, by whom. The entry is there before the deed, and its outcome after it,
 * each a row that stays as it was written. (A REPLACE would remove a row unasked, but for the
 * third trigger.)
 */
export const audit: Migration = {
  version: 15,
  sql: `
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      caller TEXT NOT NULL,
      -- Null: not over the network.
      address TEXT,
      operation TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('runs', 'deletes', 'changes access')),
      bot_id TEXT,
      -- A JSON object of ids.
      about TEXT NOT NULL
    );
    CREATE INDEX audit_by_bot ON audit(bot_id, id);
    CREATE TABLE audit_outcomes (
      audit_id INTEGER PRIMARY KEY REFERENCES audit(id),
      at_ms INTEGER NOT NULL,
      -- 'done', or the code of the error that it ended in.
      outcome TEXT NOT NULL
    );
    ${['audit', 'audit_outcomes'].map(guards).join('\n')}`,
};
