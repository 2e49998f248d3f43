import { z } from 'zod';
import { BotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';
import { TurnEvent } from '../turn-events.ts';
import { oneJob } from './cron-fields.ts';
import { CronIncident, CronRun, CronRunState } from './cron-rows.ts';

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
