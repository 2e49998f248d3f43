import { z } from 'zod';
import { CronJobId } from '../ids.ts';
import { nonBlankText, plainText } from '../text.ts';
import { gatewayCommands, Misfire, Notify, Overlap, Session } from './cron-rows.ts';

/** Existing pages send 0 and 1 as well. */
export const truth = z.union(
  [z.boolean(), z.union([z.literal(0), z.literal(1)]).transform((n) => n === 1)],
  { error: 'must be true or false' },
);

const oneYear = 366 * 24 * 3600;
/** Longer timers there are not. */
const twentyDays = 20 * 24 * 3600;

const time = plainText.meta({ examples: ['2126-12-24T18:00'] });

/** What makes a job, beside its name, its times and its command. Each has a default. */
export const settings = {
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

export const defaults = {
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

export const cronExpression = plainText.max(1_000).meta({
  description:
    'Five fields, or six with seconds first; `@daily` and its kin; `@at 2026-12-24T18:00` for one time.',
  examples: ['30 9 * * 1-5', '*/15 8-18 * * *', '@daily'],
});
export const timezone = plainText
  .meta({ examples: ['Europe/Berlin', 'UTC'] })
  .nullish()
  .describe("An IANA name such as Europe/Berlin; null: the gateway's own zone.");
export const command = nonBlankText.describe(
  `What the shell runs, what Claude is told, or what the gateway does itself: ${gatewayCommands.join(', ')}.`,
);

export const oneJob = z.object({ job_id: CronJobId });

/** A model pays for each argument that it is offered, used or not. */
export const seldomChosen = [
  'jitter_seconds',
  'misfire_grace_seconds',
  'retry_delay_seconds',
  'rerun_after_crash',
  'alert_after',
  'disable_after',
];
