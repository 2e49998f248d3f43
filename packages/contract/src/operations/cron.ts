import { z } from 'zod';
import { BotId, CronJobId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText } from '../text.ts';

const timestamp = z.string().describe('ISO 8601 with offset.');
const zero = z.union([z.literal(0), z.literal(1)]);
/** Existing pages send 0 and 1 as well. */
const truth = z.union([z.boolean(), zero.transform((n) => n === 1)]);

const CronJobType = z.enum(['shell', 'claude']);
export type CronJobType = z.infer<typeof CronJobType>;

const Misfire = z
  .enum(['skip', 'once', 'all'])
  .describe(
    'What becomes of runs that could not begin in time: none is made up for, the newest one is, or each.',
  );
const Overlap = z
  .enum(['skip', 'queue', 'parallel', 'replace'])
  .describe('What a run does that is due while the one before it goes on.');
const Notify = z
  .enum(['always', 'failure', 'change'])
  .describe('Which results the chat is told. `change`: failures, and output that is new.');
const Session = z
  .enum(['fresh', 'continued'])
  .describe('Whether each run of a Claude job begins a conversation, or goes on with the last.');

const oneYear = 366 * 24 * 3600;

/** What makes a job, beside its name, its times and its command. Each has a default. */
const settings = {
  starts_at: plainText.nullish().describe('Nothing runs before; ISO 8601, in the zone of the job.'),
  ends_at: plainText.nullish().describe('Nothing runs after.'),
  jitter_seconds: z.int().min(0).max(3600).describe('Spread the starts over so many seconds.'),
  misfire: Misfire,
  misfire_grace_seconds: z
    .int()
    .min(1)
    .max(oneYear)
    .describe('How late a run may still be made up for.'),
  overlap: Overlap,
  retries: z.int().min(0).max(20).describe('How often a run that failed is tried again.'),
  retry_delay_seconds: z
    .int()
    .min(1)
    .max(3600)
    .describe('Before the first retry; it doubles each time, up to an hour.'),
  rerun_after_crash: truth.describe(
    'Run again what was running when the gateway ended; else it is only marked.',
  ),
  timeout_seconds: z
    .int()
    .min(1)
    .max(oneYear)
    .nullish()
    .describe('Longest run; null: CRON_SHELL_TIMEOUT or CRON_CLAUDE_TIMEOUT.'),
  session: Session,
  notify_chat_id: plainText.nullish().describe('The chat that is told results; null: none.'),
  notify: Notify,
  alert_after: z
    .int()
    .min(1)
    .max(1000)
    .describe('After so many failures in a row it says so once, and no more until one succeeds.'),
  disable_after: z
    .int()
    .min(0)
    .max(10_000)
    .describe('After so many failures in a row the job is disabled; 0: never.'),
};

const defaults = {
  jitter_seconds: settings.jitter_seconds.default(0),
  misfire: settings.misfire.default('once'),
  misfire_grace_seconds: settings.misfire_grace_seconds.default(3600),
  overlap: settings.overlap.default('skip'),
  retries: settings.retries.default(0),
  retry_delay_seconds: settings.retry_delay_seconds.default(30),
  rerun_after_crash: settings.rerun_after_crash.default(false),
  session: settings.session.default('fresh'),
  notify: settings.notify.default('always'),
  alert_after: settings.alert_after.default(3),
  disable_after: settings.disable_after.default(10),
};

const cronExpression = plainText.describe(
  'Five fields, or six with seconds first; `@daily` and its kin; `@at 2026-12-24T18:00` for one time.',
);
const timezone = plainText
  .nullish()
  .describe("An IANA name such as Europe/Berlin; null: the gateway's own zone.");
const command = nonBlankText.describe('What the shell runs, or what Claude is told.');

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

const oneJob = z.object({ job_id: CronJobId });

export const listCronJobs = defineOperation({
  id: 'listCronJobs',
  method: 'GET',
  path: '/api/cron',
  tag: 'cron',
  access: 'bot',
  summary: "List a bot's jobs, newest first",
  input: z.object({ bot_id: BotId.default(defaultBotId) }),
  output: { kind: 'json', status: 200, schema: z.array(CronJob) },
  errors: [],
});

export const getCronJob = defineOperation({
  id: 'getCronJob',
  method: 'GET',
  path: '/api/cron/{job_id}',
  tag: 'cron',
  access: 'bot',
  summary: 'One job',
  input: oneJob,
  output: { kind: 'json', status: 200, schema: CronJob },
  errors: ['not_found'],
});

export const createCronJob = defineOperation({
  id: 'createCronJob',
  method: 'POST',
  path: '/api/cron',
  tag: 'cron',
  access: 'bot',
  summary: 'Make a job',
  description: 'A caller that is bound to a bot can make Claude jobs only.',
  input: z.object({
    name: nonBlankText,
    cron_expression: cronExpression,
    command,
    job_type: CronJobType.default('shell'),
    enabled: truth.default(true),
    timezone,
    bot_id: BotId.default(defaultBotId),
    ...settings,
    ...defaults,
  }),
  output: { kind: 'json', status: 201, schema: z.object({ id: CronJobId }) },
  errors: ['database_unavailable'],
});

export const updateCronJob = defineOperation({
  id: 'updateCronJob',
  method: 'PUT',
  path: '/api/cron/{job_id}',
  tag: 'cron',
  access: 'bot',
  summary: 'Change a job',
  description:
    'What is left out stays. A job that was disabled begins with the next time that comes.',
  input: oneJob.extend({
    ...z
      .object({
        name: nonBlankText,
        cron_expression: cronExpression,
        command,
        job_type: CronJobType,
        enabled: truth,
        timezone,
        ...settings,
      })
      .partial().shape,
  }),
  output: { kind: 'json', status: 200, schema: CronJob },
  errors: ['not_found', 'database_unavailable'],
});

export const deleteCronJob = defineOperation({
  id: 'deleteCronJob',
  method: 'DELETE',
  path: '/api/cron/{job_id}',
  tag: 'cron',
  access: 'bot',
  summary: 'Delete a job with its history; what runs of it is ended',
  input: oneJob,
  output: { kind: 'json', status: 200, schema: z.object({ deleted: z.literal(true) }) },
  errors: ['not_found', 'database_unavailable'],
});

export const pauseCronJob = defineOperation({
  id: 'pauseCronJob',
  method: 'POST',
  path: '/api/cron/{job_id}/pause',
  tag: 'cron',
  access: 'bot',
  summary: 'Disable a job; what runs of it goes on',
  input: oneJob,
  output: { kind: 'json', status: 200, schema: CronJob },
  errors: ['not_found', 'database_unavailable'],
});

export const resumeCronJob = defineOperation({
  id: 'resumeCronJob',
  method: 'POST',
  path: '/api/cron/{job_id}/resume',
  tag: 'cron',
  access: 'bot',
  summary: 'Enable a job; what would have been run meanwhile is not made up for',
  input: oneJob,
  output: { kind: 'json', status: 200, schema: CronJob },
  errors: ['not_found', 'database_unavailable'],
});

export const runCronJob = defineOperation({
  id: 'runCronJob',
  method: 'POST',
  path: '/api/cron/{job_id}/run',
  tag: 'cron',
  access: 'bot',
  summary: 'Run a job now, and wait for its result',
  description:
    'With `Prefer: respond-async` it does not wait: status 202, with an empty result. The history has the ' +
    'run by its id. A caller that goes away does not end it.',
  input: oneJob.extend({ prefer: plainText.optional().describe('`respond-async`: do not wait.') }),
  places: { prefer: 'query' },
  headers: { prefer: 'Prefer' },
  output: {
    kind: 'json',
    status: 200,
    orAccepted: true,
    schema: z.object({ result: z.string(), run_id: z.int(), state: CronRunState }),
  },
  errors: ['not_found', 'shutting_down', 'database_unavailable'],
});

export const cronHistory = defineOperation({
  id: 'cronHistory',
  method: 'GET',
  path: '/api/cron/{job_id}/history',
  tag: 'cron',
  access: 'bot',
  summary: "A job's runs, newest first",
  description: 'For the next page, give the last id of this one as `before`.',
  input: oneJob.extend({
    limit: z.int().min(1).max(500).default(20),
    before: z.int().min(1).optional().describe('Only runs that came before this one.'),
  }),
  output: { kind: 'json', status: 200, schema: z.array(CronRun) },
  errors: ['not_found'],
});

export const previewCron = defineOperation({
  id: 'previewCron',
  method: 'GET',
  path: '/api/cron/preview',
  tag: 'cron',
  access: 'anyone',
  summary: 'The next times of an expression, and what it says in words',
  input: z.object({
    expression: cronExpression,
    timezone,
    n: z.int().min(1).max(20).default(5),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      next: z.array(timestamp).describe("In the zone's own time."),
      timezone: z.string(),
      words: z.object({ en: z.string(), zh: z.string() }),
    }),
  },
  errors: [],
});

export const listCronIncidents = defineOperation({
  id: 'listCronIncidents',
  method: 'GET',
  path: '/api/cron/incidents',
  tag: 'cron',
  access: 'bot',
  summary: 'What went wrong with jobs for longer, newest first',
  input: z.object({
    bot_id: BotId.optional().describe('Only this bot; all bots when absent.'),
    open: z.boolean().default(false).describe('Only those that nobody has acknowledged.'),
    limit: z.int().min(1).max(500).default(100),
  }),
  output: { kind: 'json', status: 200, schema: z.array(CronIncident) },
  errors: [],
});

export const acknowledgeCronIncident = defineOperation({
  id: 'acknowledgeCronIncident',
  method: 'POST',
  path: '/api/cron/incidents/{incident_id}/acknowledge',
  tag: 'cron',
  access: 'bot',
  summary: 'Note that somebody has seen an incident',
  input: z.object({ incident_id: z.int().min(1) }),
  output: { kind: 'json', status: 200, schema: CronIncident },
  errors: ['not_found', 'database_unavailable'],
});
