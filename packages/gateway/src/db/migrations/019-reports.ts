import type { Migration } from './migration.ts';

/** Reports as they are written, and the jobs that were made of their files. */
export const reports: Migration = {
  version: 19,
  sql: `
    -- One for each time that a report is written. day: in its zone. key: what asked for it, where that must not
    -- have it written twice. definition, content: JSON, as it was when it began; as it is kept.
    CREATE TABLE report_runs (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      report TEXT NOT NULL,
      day TEXT NOT NULL,
      key TEXT UNIQUE,
      audience TEXT NOT NULL,
      state TEXT NOT NULL,
      definition TEXT NOT NULL,
      content TEXT,
      problem TEXT,
      files TEXT NOT NULL DEFAULT '[]',
      mail_id TEXT,
      created_at_ms INTEGER NOT NULL,
      finished_at_ms INTEGER
    );
    CREATE INDEX report_runs_report ON report_runs(report, seq);
    CREATE INDEX report_runs_open ON report_runs(state) WHERE finished_at_ms IS NULL;

    -- What Claude was asked for a run: the whole report, or one section of it, each in a turn.
    CREATE TABLE report_asks (
      run_seq INTEGER NOT NULL REFERENCES report_runs(seq) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      section TEXT,
      turn_id TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      answer TEXT,
      error_code TEXT,
      problem TEXT,
      PRIMARY KEY (run_seq, n)
    );

    -- The job of each report, and the times that its file named when the job was last made to follow it. off: 1
    -- where it is disabled because its file says so.
    CREATE TABLE report_jobs (
      report TEXT PRIMARY KEY,
      job_id INTEGER NOT NULL,
      cron_expression TEXT NOT NULL,
      timezone TEXT NOT NULL,
      off INTEGER NOT NULL
    ) WITHOUT ROWID;`,
};
