import { z } from 'zod';
import { CronJobId } from '../ids.ts';

/** As all times of jobs are shown. */
export const timestamp = z.string().describe('ISO 8601 with offset.');
const zero = z.union([z.literal(0), z.literal(1)]);

export const CronJobType = z
  .enum(['shell', 'claude', 'gateway'])
  .describe('Who does it: a shell, Claude, or the gateway itself.');
export type CronJobType = z.infer<typeof CronJobType>;

/** Commands of jobs that the gateway does itself, as they are told to people. */
export const gatewayCommands = ['metrics push', 'backup', 'report <name>'] as const;
export type GatewayCommand = 'metrics push' | 'backup' | `report ${string}`;

export const isGatewayCommand = (text: string): text is GatewayCommand =>
  text === 'metrics push' || text === 'backup' || /^report [a-z][a-z0-9-]{0,39}$/.test(text);

export const Misfire = z
  .enum(['skip', 'once', 'all'])
  .describe(
    'What becomes of runs that could not begin in time: none is made up for, the newest one is, or each.',
  );
export const Overlap = z
  .enum(['skip', 'queue', 'parallel', 'replace'])
  .describe('What a run does that is due while the one before it goes on.');
export const Notify = z
  .enum(['always', 'failure', 'change'])
  .describe('Which results the chat is told. `change`: failures, and output that is new.');
export const Session = z
  .enum(['fresh', 'continued'])
  .describe('Whether each run of a Claude job begins a conversation, or goes on with the last.');

export const CronJob = z.object({
  id: CronJobId,
  name: z.string(),
  cron_expression: z.string(),
  command: z.string(),
  job_type: z.string(),
  enabled: zero,
  last_run_at: timestamp.nullable(),
  last_result: z.string().nullable(),
  timezone: z.string().nullable(),
  created_at: timestamp.nullable(),
  updated_at: timestamp.nullable(),
  bot_id: z.string(),
  next_run_at: timestamp.nullable().describe('Null: it will not run by itself.'),
  running: z.boolean(),
  starts_at: timestamp.nullable(),
  ends_at: timestamp.nullable(),
  jitter_seconds: z.int(),
  misfire: Misfire,
  misfire_grace_seconds: z.int(),
  overlap: Overlap,
  retries: z.int(),
  retry_delay_seconds: z.int(),
  rerun_after_crash: z.boolean(),
  timeout_seconds: z.int().nullable(),
  session: Session,
  notify_chat_id: z.string().nullable(),
  notify: Notify,
  alert_after: z.int(),
  disable_after: z.int(),
  failures_in_a_row: z.int(),
  note: z.string().nullable().describe('What the gateway changed in it, or why it can not run.'),
});
export type CronJob = z.infer<typeof CronJob>;

export const CronRunState = z
  .enum([
    'queued',
    'running',
    'succeeded',
    'failed',
    'timed_out',
    'stopped',
    'interrupted',
    'missed',
    'skipped',
  ])
  .describe(
    'interrupted: the gateway ended while it ran. missed: its time passed, and it was not run. skipped: ' +
      'it was due in time and not run. `why` says more.',
  );
export type CronRunState = z.infer<typeof CronRunState>;

export const CronTrigger = z
  .enum(['schedule', 'manual', 'catch-up'])
  .describe('catch-up: run later than it was due.');
export type CronTrigger = z.infer<typeof CronTrigger>;

export const CronRun = z.object({
  id: z.int(),
  job_id: z.int(),
  started_at: timestamp.describe('Of one that never began: when that was decided.'),
  finished_at: timestamp.nullable(),
  result: z.string().nullable(),
  success: zero.nullable().describe('Null while it waits or runs.'),
  state: CronRunState,
  scheduled_at: timestamp.nullable().describe('Null: it was run by hand.'),
  trigger: CronTrigger,
  attempt: z.int().describe('0: it never began.'),
  duration_seconds: z.number().nullable(),
  why: z.string().nullable(),
  exit_code: z.int().nullable().describe('Of a shell job that ended by itself.'),
  stdout: z.string().nullable(),
  stderr: z.string().nullable(),
  turn_id: z.string().nullable().describe("A Claude job's turn."),
  usage: z
    .object({
      input_tokens: z.int(),
      output_tokens: z.int(),
      cache_read_tokens: z.int(),
      cache_creation_tokens: z.int(),
    })
    .nullable(),
  cost_usd: z.number().nullable(),
  delivery: z
    .object({ id: z.string(), state: z.string() })
    .nullable()
    .describe('How far the chat has been told.'),
});
export type CronRun = z.infer<typeof CronRun>;

export const CronIncident = z.object({
  id: z.int(),
  job_id: z.int(),
  bot_id: z.string(),
  job_name: z.string(),
  kind: z
    .enum(['failing', 'disabled', 'unschedulable'])
    .describe('unschedulable: its times can not be understood, so it never runs by itself.'),
  message: z.string(),
  created_at: timestamp,
  resolved_at: timestamp.nullable().describe('It works again.'),
  acknowledged_at: timestamp.nullable(),
});
export type CronIncident = z.infer<typeof CronIncident>;
