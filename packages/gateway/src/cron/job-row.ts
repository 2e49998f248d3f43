import type { BotId, CronJob, CronJobId, CronJobType } from '@mini-claude-bot/contract';

/** What its maker says of a job. */
export interface JobFields {
  readonly name: string;
  readonly cron_expression: string;
  readonly command: string;
  readonly job_type: string;
  readonly enabled: 0 | 1;
  readonly timezone: string | null;
  readonly starts_at_ms: number | null;
  readonly ends_at_ms: number | null;
  readonly jitter_seconds: number;
  readonly misfire: CronJob['misfire'];
  readonly misfire_grace_seconds: number;
  readonly overlap: CronJob['overlap'];
  readonly retries: number;
  readonly retry_delay_seconds: number;
  readonly rerun_after_crash: 0 | 1;
  readonly timeout_seconds: number | null;
  readonly session: CronJob['session'];
  readonly notify_chat_id: string | null;
  readonly notify: CronJob['notify'];
  readonly alert_after: number;
  readonly disable_after: number;
}

/** A job as stored. */
export interface JobRow extends JobFields {
  readonly id: CronJobId;
  readonly bot_id: BotId;
  readonly last_run_at: string | null;
  readonly last_result: string | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly failures_in_a_row: number;
  readonly told_output: string | null;
  readonly note: string | null;
  /** The next occurrence that nothing has been decided about; null: there is none. */
  readonly next_at_ms: number | null;
  readonly due_at_ms: number | null;
}

/** The occurrence that comes next, and when it is due. */
export interface NextOccurrence {
  readonly atMs: number;
  readonly dueMs: number;
}

export const jobTypes = ['shell', 'claude', 'gateway'] as const satisfies readonly CronJobType[];

/** What the old system had is for Claude or for the shell; anything unknown is left to the shell. */
export const typeOf = ({ job_type }: Pick<JobRow, 'job_type'>): CronJobType =>
  jobTypes.find((type) => type === job_type) ?? 'shell';
