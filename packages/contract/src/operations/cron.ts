import { z } from 'zod';
import { BotId, CronJobId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText } from '../text.ts';
import {
  command,
  cronExpression,
  defaults,
  oneJob,
  seldomChosen,
  settings,
  timezone,
  truth,
} from './cron-fields.ts';
import { CronJob, CronJobType, timestamp } from './cron-rows.ts';

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
