import type { CronIncident, CronJob, CronRun } from '@mini-claude-bot/contract';
import type { IncidentRow } from './incidents-repo.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';
import type { ListedJob } from './jobs-repo.ts';
import type { RunRowWithUsage } from './run-row.ts';

/** A job as the contract shows it. */
export const describeJob = (row: ListedJob): CronJob => ({
  id: row.id,
  name: row.name,
  cron_expression: row.cron_expression,
  command: row.command,
  job_type: row.job_type,
  enabled: row.enabled === 1 ? 1 : 0,
  last_run_at: row.last_run_at,
  last_result: row.last_result,
  timezone: row.timezone,
  created_at: row.created_at,
  updated_at: row.updated_at,
  bot_id: row.bot_id,
  next_run_at: row.enabled === 1 ? isoTimeOrNull(row.due_at_ms) : null,
  running: row.running === 1,
  starts_at: isoTimeOrNull(row.starts_at_ms),
  ends_at: isoTimeOrNull(row.ends_at_ms),
  jitter_seconds: row.jitter_seconds,
  misfire: row.misfire,
  misfire_grace_seconds: row.misfire_grace_seconds,
  overlap: row.overlap,
  retries: row.retries,
  retry_delay_seconds: row.retry_delay_seconds,
  rerun_after_crash: row.rerun_after_crash === 1,
  timeout_seconds: row.timeout_seconds,
  session: row.session,
  notify_chat_id: row.notify_chat_id,
  notify: row.notify,
  alert_after: row.alert_after,
  disable_after: row.disable_after,
  failures_in_a_row: row.failures_in_a_row,
  note: row.note,
});

/** @param delivery how far the chat has been told */
export const describeRun = (row: RunRowWithUsage, delivery: CronRun['delivery']): CronRun => ({
  id: row.id,
  job_id: row.job_id,
  started_at: row.started_at,
  finished_at: row.finished_at,
  result: row.result,
  success: row.success,
  state: row.state,
  scheduled_at: isoTimeOrNull(row.scheduled_at_ms),
  trigger: row.triggered_by,
  attempt: row.attempt,
  duration_seconds:
    row.begun_at_ms === null || row.ended_at_ms === null
      ? null
      : (row.ended_at_ms - row.begun_at_ms) / 1000,
  why: row.why,
  exit_code: row.exit_code,
  stdout: row.stdout,
  stderr: row.stderr,
  turn_id: row.turn_id,
  usage:
    row.input_tokens === null
      ? null
      : {
          input_tokens: row.input_tokens,
          output_tokens: row.output_tokens ?? 0,
          cache_read_tokens: row.cache_read_tokens ?? 0,
          cache_creation_tokens: row.cache_creation_tokens ?? 0,
        },
  cost_usd: row.cost_usd,
  delivery,
});

export const describeIncident = (row: IncidentRow): CronIncident => ({
  id: row.id,
  job_id: row.job_id,
  bot_id: row.bot_id,
  job_name: row.job_name,
  kind: row.kind,
  message: row.message,
  created_at: isoTime(row.created_at_ms),
  resolved_at: isoTimeOrNull(row.resolved_at_ms),
  acknowledged_at: isoTimeOrNull(row.acknowledged_at_ms),
});
