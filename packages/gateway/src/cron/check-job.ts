import {
  ChatId,
  GatewayError,
  gatewayCommands,
  isGatewayCommand,
  type operations,
  type ParsedInputOf,
  utf8Length,
  type ValidationIssue,
} from '@mini-claude-bot/contract';
import type { JobFields } from './job-row.ts';
import { scheduleOfJob, zoneOf } from './job-schedule.ts';
import { parseMoment } from './schedule/moment.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { isTimeZone } from './schedule/time-zone.ts';

export type NewJobInput = ParsedInputOf<typeof operations.createCronJob>;
export type JobChange = ParsedInputOf<typeof operations.updateCronJob>;

/** The fields of a new job. @throws GatewayError `invalid_input` */
export function fieldsOfNew(input: NewJobInput, nowMs: number): JobFields {
  const { bot_id: _, ...rest } = input;
  return checked({ ...rest, ...timesOf(rest, zoneOfInput(rest.timezone)) }, nowMs);
}

/** The fields of a job that is changed: what is left out stays. @throws GatewayError `invalid_input` */
export function fieldsOfChange(job: JobFields, change: JobChange, nowMs: number): JobFields {
  const { job_id: _, name, cron_expression, command, job_type, enabled, ...rest } = change;
  const given = {
    ...rest,
    name: name ?? undefined,
    cron_expression: cron_expression ?? undefined,
    command: command ?? undefined,
    job_type: job_type ?? undefined,
    enabled: enabled ?? undefined,
  };
  const zone = given.timezone === undefined ? zoneOf(job) : zoneOfInput(given.timezone);
  const merged = {
    ...job,
    enabled: job.enabled === 1,
    rerun_after_crash: job.rerun_after_crash === 1,
    ...withoutAbsent(given),
    ...timesOf(given, zone),
  };
  return checked(merged, timesChange(job, merged) ? nowMs : undefined);
}

/** Whether a job's times are others afterwards. */
export const timesChange = (
  before: JobFields,
  after: Omit<JobFields, 'enabled' | 'rerun_after_crash'>,
): boolean =>
  before.cron_expression !== after.cron_expression ||
  before.timezone !== after.timezone ||
  before.starts_at_ms !== after.starts_at_ms ||
  before.ends_at_ms !== after.ends_at_ms ||
  before.jitter_seconds !== after.jitter_seconds;

/** What is wrong with the fields of a query for a preview. */
export const previewFault = (field: 'expression' | 'timezone', message: string): GatewayError =>
  invalid([{ loc: ['query', field], msg: message, type: 'value_error' }]);

const zoneOfInput = (timezone: string | null | undefined): string =>
  zoneOf({ timezone: timezone?.trim() || null });

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const withoutAbsent = <T extends object>(given: T): Given<T> =>
  // Entries of an object of that type make one, less what is absent.
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given<T>;

/** Start and end, where they are given. */
function timesOf(
  given: Pick<JobChange, 'starts_at' | 'ends_at'>,
  zone: string,
): Partial<Pick<JobFields, 'starts_at_ms' | 'ends_at_ms'>> {
  const times: { starts_at_ms?: number | null; ends_at_ms?: number | null } = {};
  if (given.starts_at !== undefined)
    times.starts_at_ms = momentOf('starts_at', given.starts_at, zone);
  if (given.ends_at !== undefined) times.ends_at_ms = momentOf('ends_at', given.ends_at, zone);
  return times;
}

function momentOf(field: string, text: string | null, zone: string): number | null {
  if (text === null || text.trim() === '') return null;
  const ms = isTimeZone(zone) ? parseMoment(text, zone) : 0;
  if (ms !== undefined) return ms;
  const msg = `${JSON.stringify(text)} is not a time; it takes one such as 2026-12-24T18:00`;
  throw invalid([issue(field, msg)]);
}

type Merged = Omit<
  NewJobInput,
  'bot_id' | 'starts_at' | 'ends_at' | 'job_type' | 'command' | 'name'
> & {
  readonly name: string;
  readonly command: string;
  readonly job_type: string;
  readonly starts_at_ms?: number | null;
  readonly ends_at_ms?: number | null;
};

/** @param nowMs the job must have a time after that; undefined: it need not */
function checked(merged: Merged, nowMs: number | undefined): JobFields {
  const job: JobFields = {
    name: merged.name,
    cron_expression: merged.cron_expression.trim(),
    command: merged.command,
    job_type: merged.job_type,
    enabled: merged.enabled ? 1 : 0,
    timezone: merged.timezone?.trim() || null,
    starts_at_ms: merged.starts_at_ms ?? null,
    ends_at_ms: merged.ends_at_ms ?? null,
    jitter_seconds: merged.jitter_seconds,
    misfire: merged.misfire,
    misfire_grace_seconds: merged.misfire_grace_seconds,
    overlap: merged.overlap,
    retries: merged.retries,
    retry_delay_seconds: merged.retry_delay_seconds,
    rerun_after_crash: merged.rerun_after_crash ? 1 : 0,
    timeout_seconds: merged.timeout_seconds ?? null,
    session: merged.session,
    notify_chat_id: merged.notify_chat_id || null,
    notify: merged.notify,
    alert_after: merged.alert_after,
    disable_after: merged.disable_after,
  };
  const issues = [
    ...chatIssues(job),
    ...commandIssues(job),
    ...(nowMs === undefined ? [] : timeIssues(job, nowMs)),
  ];
  if (issues.length > 0) throw invalid(issues);
  return job;
}

function chatIssues({ notify_chat_id }: JobFields): ValidationIssue[] {
  if (notify_chat_id === null) return [];
  const parsed = ChatId.safeParse(notify_chat_id);
  return (parsed.error?.issues ?? []).map(({ message }) => issue('notify_chat_id', message));
}

/** What a program can be started with is limited by the system; Linux takes 128 KiB of one argument. */
const longestCommand = 120 * 1024;

function commandIssues({ job_type, command }: JobFields): ValidationIssue[] {
  if (job_type === 'gateway') {
    if (isGatewayCommand(command)) return [];
    const known = gatewayCommands.map((each) => JSON.stringify(each)).join(', ');
    return [issue('command', `is nothing that the gateway does itself; it does ${known}`)];
  }
  if (job_type === 'claude' || utf8Length(command) <= longestCommand) return [];
  return [issue('command', 'is longer than a shell takes (120 KB); put it into a file')];
}

function timeIssues(job: JobFields, nowMs: number): ValidationIssue[] {
  const { starts_at_ms, ends_at_ms } = job;
  const parsed = parseSchedule(job.cron_expression, zoneOf(job));
  if (parsed.kind === 'fault') {
    return [issue(parsed.in === 'timezone' ? 'timezone' : 'cron_expression', parsed.message)];
  }
  if (starts_at_ms !== null && ends_at_ms !== null && starts_at_ms > ends_at_ms) {
    return [issue('ends_at', 'is before starts_at')];
  }
  // Only its jitter goes by its id, which a new one has not got yet.
  const whole = scheduleOfJob({ ...job, id: 0, jitter_seconds: 0 });
  if (whole.kind === 'schedule' && whole.schedule.next(nowMs) !== undefined) return [];
  return parsed.schedule.next(nowMs) === undefined
    ? [issue('cron_expression', 'names no time that is still to come')]
    : [issue('ends_at', 'leaves no time to run at')];
}

const issue = (field: string, msg: string): ValidationIssue => ({
  loc: ['body', field],
  msg,
  type: 'value_error',
});

const invalid = (issues: readonly ValidationIssue[]): GatewayError =>
  new GatewayError(
    'invalid_input',
    issues.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '),
    { issues },
  );
