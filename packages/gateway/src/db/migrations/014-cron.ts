import type { Migration } from './migration.ts';

/** What a job can be told beside its times, one row for each time that it was due, and incidents. */
export const cron: Migration = {
  version: 14,
  sql: `
    ALTER TABLE cron_jobs ADD COLUMN starts_at_ms INTEGER;
    ALTER TABLE cron_jobs ADD COLUMN ends_at_ms INTEGER;
    ALTER TABLE cron_jobs ADD COLUMN jitter_seconds INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE cron_jobs ADD COLUMN misfire TEXT NOT NULL DEFAULT 'once';
    ALTER TABLE cron_jobs ADD COLUMN misfire_grace_seconds INTEGER NOT NULL DEFAULT 3600;
    ALTER TABLE cron_jobs ADD COLUMN overlap TEXT NOT NULL DEFAULT 'skip';
    ALTER TABLE cron_jobs ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE cron_jobs ADD COLUMN retry_delay_seconds INTEGER NOT NULL DEFAULT 30;
    ALTER TABLE cron_jobs ADD COLUMN rerun_after_crash INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE cron_jobs ADD COLUMN timeout_seconds INTEGER;
    ALTER TABLE cron_jobs ADD COLUMN session TEXT NOT NULL DEFAULT 'fresh';
    ALTER TABLE cron_jobs ADD COLUMN notify_chat_id TEXT;
    ALTER TABLE cron_jobs ADD COLUMN notify TEXT NOT NULL DEFAULT 'always';
    ALTER TABLE cron_jobs ADD COLUMN alert_after INTEGER NOT NULL DEFAULT 3;
    ALTER TABLE cron_jobs ADD COLUMN disable_after INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE cron_jobs ADD COLUMN failures_in_a_row INTEGER NOT NULL DEFAULT 0;
    -- A digest of the output that the chat was told last.
    ALTER TABLE cron_jobs ADD COLUMN told_output TEXT;
    ALTER TABLE cron_jobs ADD COLUMN note TEXT;
    -- The next occurrence that nothing has been decided about, and when it is due: with its jitter.
    ALTER TABLE cron_jobs ADD COLUMN next_at_ms INTEGER;
    ALTER TABLE cron_jobs ADD COLUMN due_at_ms INTEGER;
    -- Its expression is still written as the old system read it. Whoever starts next converts it.
    ALTER TABLE cron_jobs ADD COLUMN unconverted INTEGER NOT NULL DEFAULT 0;
    UPDATE cron_jobs SET unconverted = 1;
    CREATE INDEX cron_jobs_due ON cron_jobs(due_at_ms, id) WHERE enabled = 1;
    CREATE INDEX cron_jobs_by_bot ON cron_jobs(bot_id, id);

    ALTER TABLE cron_job_runs ADD COLUMN state TEXT NOT NULL DEFAULT 'interrupted';
    -- Of the job, as it is: which of those that wait may begin is asked often.
    ALTER TABLE cron_job_runs ADD COLUMN job_type TEXT NOT NULL DEFAULT 'shell';
    ALTER TABLE cron_job_runs ADD COLUMN triggered_by TEXT NOT NULL DEFAULT 'schedule';
    -- The occurrence; null: it was run by hand.
    ALTER TABLE cron_job_runs ADD COLUMN scheduled_at_ms INTEGER;
    ALTER TABLE cron_job_runs ADD COLUMN due_at_ms INTEGER NOT NULL DEFAULT 0;
    -- It waits for that, as before a retry.
    ALTER TABLE cron_job_runs ADD COLUMN not_before_ms INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE cron_job_runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE cron_job_runs ADD COLUMN begun_at_ms INTEGER;
    ALTER TABLE cron_job_runs ADD COLUMN ended_at_ms INTEGER;
    -- The run of the gateway that carries it out.
    ALTER TABLE cron_job_runs ADD COLUMN owner TEXT;
    ALTER TABLE cron_job_runs ADD COLUMN why TEXT;
    ALTER TABLE cron_job_runs ADD COLUMN exit_code INTEGER;
    ALTER TABLE cron_job_runs ADD COLUMN stdout TEXT;
    ALTER TABLE cron_job_runs ADD COLUMN stderr TEXT;
    ALTER TABLE cron_job_runs ADD COLUMN turn_id TEXT;
    ALTER TABLE cron_job_runs ADD COLUMN delivery_id TEXT;
    UPDATE cron_job_runs SET job_type = 'claude'
      WHERE job_id IN (SELECT id FROM cron_jobs WHERE job_type = 'claude');
    UPDATE cron_job_runs SET state = CASE
      WHEN success = 1 THEN 'succeeded' WHEN finished_at IS NOT NULL THEN 'failed' ELSE 'interrupted' END;
    CREATE UNIQUE INDEX cron_job_runs_once ON cron_job_runs(job_id, scheduled_at_ms);
    CREATE INDEX cron_job_runs_by_job ON cron_job_runs(job_id, id);
    CREATE INDEX cron_job_runs_active ON cron_job_runs(job_id, state) WHERE state IN ('queued', 'running');
    CREATE INDEX cron_job_runs_queued ON cron_job_runs(job_type, due_at_ms, id) WHERE state = 'queued';
    CREATE INDEX cron_job_runs_later ON cron_job_runs(not_before_ms) WHERE state = 'queued';
    CREATE INDEX cron_job_runs_by_turn ON cron_job_runs(turn_id) WHERE turn_id IS NOT NULL;

    CREATE TABLE cron_incidents (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id INTEGER NOT NULL REFERENCES cron_jobs(id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('failing', 'disabled', 'unschedulable')),
      message TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL,
      resolved_at_ms INTEGER,
      acknowledged_at_ms INTEGER
    );
    CREATE INDEX cron_incidents_by_job ON cron_incidents(job_id, id);`,
};
