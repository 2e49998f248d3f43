import type { Migration } from './migration.ts';

/** What a turn or a delivery is a part of, where traces are kept: it may go on after a restart. */
export const traces: Migration = {
  version: 22,
  sql: `
    ALTER TABLE turns ADD COLUMN trace_context TEXT;
    ALTER TABLE deliveries ADD COLUMN trace_context TEXT;`,
};
