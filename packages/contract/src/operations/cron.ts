import { z } from 'zod';
import { BotId, CronJobId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText } from '../text.ts';
import { TurnEvent } from '../turn-events.ts';
import {
  CronIncident,
  CronJob,
  CronJobType,
  CronRun,
  CronRunState,
  gatewayCommands,
  Misfire,
  Notify,
  Overlap,
  Session,
  timestamp,
} from './cron-rows.ts';

/** Existing pages send 0 and 1 as well. */
const truth = z.union(
  [z.boolean(), z.union([z.literal(0), z.literal(1)]).transform((n) => n === 1)],
  { error: 'must be true or false' },
);

const oneYear = 366 * 24 * 3600;
/** Longer timers there are not. */
const twentyDays = 20 * 24 * 3600;

const time = plainText.meta({ examples: ['2126-12-24T18:00'] });

/** What makes a job, beside its name, its times and its command. Each has a default. */
const settings = {
  starts_at: time.nullish().describe('Nothing runs before; ISO 8601, in the zone of the job.'),
  ends_at: time.nullish().describe('Nothing runs after.'),
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
    .max(twentyDays)
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

const cronExpression = plainText.max(1_000).meta({
  description:
    'Five fields, or six with seconds first; `@daily` and its kin; `@at 2026-12-24T18:00` for one time.',
  examples: ['30 9 * * 1-5', '*/15 8-18 * * *', '@daily'],
});
const timezone = plainText
  .meta({ examples: ['Europe/Berlin', 'UTC'] })
  .nullish()
  .describe("An IANA name such as Europe/Berlin; null: the gateway's own zone.");
const command = nonBlankText.describe(
  `What the shell runs, what Claude is told, or what the gateway does itself: ${gatewayCommands.join(', ')}.`,
);

const oneJob = z.object({ job_id: CronJobId });

/** A model pays for each argument that it is offered, used or not. */
const seldomChosen = [
  'jitter_seconds',
  'misfire_grace_seconds',
  'retry_delay_seconds',
  'rerun_after_crash',
  'alert_after',
  'disable_after',
];

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
  mcp: {
    name: 'list_cron_jobs',
    title: 'List scheduled jobs',
    description:
      'List the scheduled jobs of a bot, newest first: what each does and when, its last result, and when it ' +
      'runs next.',
    chat: 'cron',
  },
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
  mcp: {
    name: 'get_cron_job',
    title: 'Look at one scheduled job',
    description:
      'Read one scheduled job by its id: what it does, when it runs next, its last result.',
    chat: 'cron',
  },
});

export const createCronJob = defineOperation({
  id: 'createCronJob',
  method: 'POST',
  path: '/api/cron',
  tag: 'cron',
  access: 'bot',
  audit: 'runs',
  auditFields: ['name', 'job_type'],
  summary: 'Make a job',
  description: 'A token that is bound to a bot can make Claude jobs only, and sees no others.',
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
  errors: ['forbidden', 'message_too_large', 'database_unavailable'],
  mcp: {
    name: 'create_cron_job',
    title: 'Schedule a job',
    description:
      'Have something done later or regularly: for a reminder, a report, a check. `job_type` "claude" has Claude ' +
      'do what `command` tells it, in a conversation of its own that knows nothing of this one, so say all that ' +
      'it must know; "shell" runs `command` as it is. For one time, the expression is `@at 2026-12-24T18:00`. ' +
      'Check times with preview_cron, and name the `timezone` of the user.',
    openWorld: true,
    omitInChat: seldomChosen,
    chat: 'cron',
  },
});

export const updateCronJob = defineOperation({
  id: 'updateCronJob',
  method: 'PUT',
  path: '/api/cron/{job_id}',
  tag: 'cron',
  access: 'bot',
  audit: 'runs',
  auditFields: ['job_type'],
  summary: 'Change a job',
  description:
    'What is left out stays, and so does what is null and may not be. A job that was disabled begins with the ' +
    'next time that comes.',
  input: oneJob.extend({
    ...z
      .object({
        // Existing clients send null for what they leave as it is.
        name: nonBlankText.nullable(),
        cron_expression: cronExpression.nullable(),
        command: command.nullable(),
        job_type: CronJobType.nullable(),
        enabled: truth.nullable(),
        timezone,
        ...settings,
      })
      .partial().shape,
  }),
  output: { kind: 'json', status: 200, schema: CronJob },
  errors: ['not_found', 'forbidden', 'message_too_large', 'database_unavailable'],
  mcp: {
    name: 'update_cron_job',
    title: 'Change a scheduled job',
    description:
      'Change a scheduled job by its id. What is left out stays. `enabled` false pauses it, true has it go on ' +
      'with the next time that comes.',
    openWorld: true,
    idempotent: true,
    omitInChat: ['notify_chat_id', ...seldomChosen],
    chat: 'cron',
  },
});

export const deleteCronJob = defineOperation({
  id: 'deleteCronJob',
  method: 'DELETE',
  path: '/api/cron/{job_id}',
  tag: 'cron',
  access: 'bot',
  audit: 'deletes',
  summary: 'Delete a job with its history; what runs of it is ended',
  input: oneJob,
  output: { kind: 'json', status: 200, schema: z.object({ deleted: z.literal(true) }) },
  errors: ['not_found', 'database_unavailable'],
  mcp: {
    name: 'delete_cron_job',
    title: 'Delete a scheduled job',
    description:
      'Delete a scheduled job with its history, by its id; what runs of it is ended. To have it only wait, set ' +
      '`enabled` to false with update_cron_job.',
    destructive: true,
    chat: 'cron',
  },
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
  audit: 'runs',
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
  audit: 'runs',
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
  mcp: {
    name: 'run_cron_job',
    title: 'Run a scheduled job now',
    description:
      'Run a scheduled job at once, beside its times, and wait for its result. Each call runs it once more.',
    openWorld: true,
    slow: true,
  },
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
  mcp: {
    name: 'get_cron_job_history',
    title: 'See how a scheduled job went',
    description:
      "List a scheduled job's runs, newest first: state, result, and why one failed or was left out. For the next " +
      'page, give the last id of this one as `before`.',
    chat: 'cron',
  },
});

export const followCronRun = defineOperation({
  id: 'followCronRun',
  method: 'GET',
  path: '/api/cron/runs/{run_id}/events',
  tag: 'cron',
  access: 'bot',
  summary: 'Follow what a run writes while it runs',
  description:
    'Server-sent events, as of a turn: `text` is output, and `done` has the result. A `restart` comes before it is ' +
    'tried again. A Claude job says more as its turn. Of a run that has ended, what is stored.',
  input: z.object({ run_id: z.int().min(1) }),
  output: { kind: 'events', schema: TurnEvent },
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
  mcp: {
    name: 'preview_cron',
    title: 'Check an expression for times',
    description:
      'See the next times of a cron expression, and what it says in words, before you schedule something with it.',
    chat: 'cron',
  },
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
  mcp: {
    name: 'list_cron_incidents',
    title: 'List what went wrong with scheduled jobs',
    description:
      'List scheduled jobs that keep failing, were disabled for it, or can not be scheduled, newest first. Set ' +
      '`open` to leave out what somebody has acknowledged.',
    chat: 'cron',
  },
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
  mcp: {
    name: 'acknowledge_cron_incident',
    title: 'Acknowledge an incident',
    description:
      'Note that somebody has seen an incident of a scheduled job, by its id. It mends nothing.',
    idempotent: true,
    chat: 'cron',
  },
});
