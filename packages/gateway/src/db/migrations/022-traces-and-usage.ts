import type { Migration } from './migration.ts';

/** What belongs to which trace, and what of the usage has changed. */
export const tracesAndUsage: Migration = {
  version: 22,
  sql: `
    -- What a turn or a delivery is a part of, where traces are kept: it may go on after a restart.
    ALTER TABLE turns ADD COLUMN trace_context TEXT;
    ALTER TABLE deliveries ADD COLUMN trace_context TEXT;

    -- Grows with each change of any row: what has changed since somebody looked is found without looking at the rest.
    ALTER TABLE usage_totals ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX usage_totals_changed ON usage_totals(changed, quarter);
    CREATE INDEX usage_totals_by_quarter ON usage_totals(quarter);`,
};
