import type { Migration } from './migration.ts';

/** What shows that the database can be written, and what the gateway's own jobs were made with. */
export const operating: Migration = {
  version: 21,
  sql: `
    CREATE TABLE pulse (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      at_ms INTEGER NOT NULL
    );
    -- The schedule that the configuration named when the job was made; null: it is not followed.
    ALTER TABLE cron_own_jobs ADD COLUMN cron_expression TEXT;`,
};
