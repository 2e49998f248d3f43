import type { CronJob, InputOf, operations } from '@mini-claude-bot/contract';
import { wallTime } from './wall-time.ts';

/** A job as it stands in the form: text, as it was typed. */
export interface JobDraft {
  readonly name: string;
  readonly job_type: 'shell' | 'claude' | 'gateway';
  readonly command: string;
  readonly cron_expression: string;
  readonly timezone: string;
  readonly notify_chat_id: string;
  readonly notify: CronJob['notify'];
  readonly session: CronJob['session'];
  readonly misfire: CronJob['misfire'];
  readonly overlap: CronJob['overlap'];
  readonly misfire_grace_seconds: string;
  readonly retries: string;
  readonly retry_delay_seconds: string;
  readonly jitter_seconds: string;
  readonly timeout_seconds: string;
  readonly alert_after: string;
  readonly disable_after: string;
  readonly rerun_after_crash: boolean;
  readonly starts_at: string;
  readonly ends_at: string;
}

export const newDraft = (timezone: string): JobDraft => ({
  name: '',
  job_type: 'claude',
  command: '',
  cron_expression: '0 9 * * *',
  timezone,
  notify_chat_id: '',
  notify: 'always',
  session: 'fresh',
  misfire: 'once',
  overlap: 'skip',
  misfire_grace_seconds: '3600',
  retries: '0',
  retry_delay_seconds: '30',
  jitter_seconds: '0',
  timeout_seconds: '',
  alert_after: '3',
  disable_after: '10',
  rerun_after_crash: false,
  starts_at: '',
  ends_at: '',
});

export function draftOf(job: CronJob): JobDraft {
  const moment = (iso: string | null): string =>
    iso === null ? '' : wallTime(Date.parse(iso), job.timezone ?? undefined);
  return {
    name: job.name,
    job_type: job.job_type === 'claude' || job.job_type === 'gateway' ? job.job_type : 'shell',
    command: job.command,
    cron_expression: job.cron_expression,
    timezone: job.timezone ?? '',
    notify_chat_id: job.notify_chat_id ?? '',
    notify: job.notify,
    session: job.session,
    misfire: job.misfire,
    overlap: job.overlap,
    misfire_grace_seconds: String(job.misfire_grace_seconds),
    retries: String(job.retries),
    retry_delay_seconds: String(job.retry_delay_seconds),
    jitter_seconds: String(job.jitter_seconds),
    timeout_seconds: job.timeout_seconds === null ? '' : String(job.timeout_seconds),
    alert_after: String(job.alert_after),
    disable_after: String(job.disable_after),
    rerun_after_crash: job.rerun_after_crash,
    starts_at: moment(job.starts_at),
    ends_at: moment(job.ends_at),
  };
}

/** What can't be sent as it is, by field. */
export type DraftFault = 'missing' | 'number';

const required = ['name', 'command', 'cron_expression'] as const;
const numbers = [
  'misfire_grace_seconds',
  'retries',
  'retry_delay_seconds',
  'jitter_seconds',
  'alert_after',
  'disable_after',
] as const;

export function faultsOf(draft: JobDraft): Readonly<Partial<Record<keyof JobDraft, DraftFault>>> {
  const missing = required.filter((field) => draft[field].trim() === '');
  const bad = numbers.filter((field) => !/^\s*\d+\s*$/.test(draft[field]));
  const badLimit = /^\s*\d*\s*$/.test(draft.timeout_seconds) ? [] : (['timeout_seconds'] as const);
  return Object.fromEntries([
    ...missing.map((field) => [field, 'missing' as const]),
    ...[...bad, ...badLimit].map((field) => [field, 'number' as const]),
  ]);
}

/** What is sent of a job. */
export type JobInput = Omit<InputOf<typeof operations.createCronJob>, 'bot_id' | 'enabled'>;

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** @param draft without faults */
export const inputOf = (draft: JobDraft): JobInput => ({
  name: draft.name.trim(),
  job_type: draft.job_type,
  command: draft.command,
  cron_expression: draft.cron_expression.trim(),
  timezone: orNull(draft.timezone),
  notify_chat_id: orNull(draft.notify_chat_id),
  notify: draft.notify,
  session: draft.session,
  misfire: draft.misfire,
  overlap: draft.overlap,
  misfire_grace_seconds: Number(draft.misfire_grace_seconds),
  retries: Number(draft.retries),
  retry_delay_seconds: Number(draft.retry_delay_seconds),
  jitter_seconds: Number(draft.jitter_seconds),
  timeout_seconds: draft.timeout_seconds.trim() === '' ? null : Number(draft.timeout_seconds),
  alert_after: Number(draft.alert_after),
  disable_after: Number(draft.disable_after),
  rerun_after_crash: draft.rerun_after_crash,
  starts_at: orNull(draft.starts_at),
  ends_at: orNull(draft.ends_at),
});

/** Only what was changed: what somebody else has changed meanwhile stays theirs. */
export function changeOf(before: JobDraft, after: JobDraft): Partial<JobInput> {
  const [was, is] = [Object.entries(inputOf(before)), Object.entries(inputOf(after))];
  const old = new Map<string, unknown>(was);
  return Object.fromEntries(is.filter(([field, value]) => old.get(field) !== value));
}
