import type { JobRow, NextOccurrence } from './job-row.ts';
import { jitterOf } from './schedule/jitter.ts';
import { type ParsedSchedule, parseSchedule, type Schedule, within } from './schedule/schedule.ts';
import { systemTimeZone } from './schedule/time-zone.ts';

type ScheduledJob = { readonly id: number } & Pick<
  JobRow,
  'cron_expression' | 'timezone' | 'starts_at_ms' | 'ends_at_ms' | 'jitter_seconds'
>;

export const zoneOf = ({ timezone }: Pick<JobRow, 'timezone'>): string =>
  timezone ?? systemTimeZone();

/** When a job is due: its expression in its zone, between its start and its end, with its jitter. */
export class JobSchedule implements Schedule {
  readonly #job: ScheduledJob;
  readonly #schedule: Schedule;

  constructor(job: ScheduledJob, schedule: Schedule) {
    this.#job = job;
    this.#schedule = within(schedule, job.starts_at_ms ?? undefined, job.ends_at_ms ?? undefined);
  }

  readonly next = (afterMs: number): number | undefined => this.#schedule.next(afterMs);
  readonly last = (untilMs: number): number | undefined => this.#schedule.last(untilMs);

  /** When an occurrence is due. */
  dueMs(atMs: number): number {
    const { id, jitter_seconds, ends_at_ms } = this.#job;
    if (jitter_seconds === 0) return atMs;
    // Its end is included; nothing is put off beyond it.
    const endMs = ends_at_ms === null ? undefined : ends_at_ms + 1000;
    const beforeMs = this.next(atMs) ?? endMs;
    const gapMs = beforeMs === undefined ? undefined : beforeMs - atMs;
    return atMs + jitterOf(id, atMs, jitter_seconds, gapMs);
  }

  /** The first occurrence after a moment. */
  nextOccurrence(afterMs: number): NextOccurrence | undefined {
    return this.occurrence(this.next(afterMs));
  }

  occurrence(atMs: number | undefined): NextOccurrence | undefined {
    return atMs === undefined ? undefined : { atMs, dueMs: this.dueMs(atMs) };
  }
}

export type ParsedJob =
  | { readonly kind: 'schedule'; readonly schedule: JobSchedule }
  | Extract<ParsedSchedule, { kind: 'fault' }>;

export function scheduleOfJob(job: ScheduledJob, parse = parseSchedule): ParsedJob {
  const parsed = parse(job.cron_expression, zoneOf(job));
  if (parsed.kind === 'fault') return parsed;
  return { kind: 'schedule', schedule: new JobSchedule(job, parsed.schedule) };
}

const mostKept = 20_000;
const mostParsed = 1_000;

/** Parsing takes longer than asking for the next time: parsed schedules are kept while jobs stay as they are. */
export class JobSchedules {
  readonly #kept = new Map<number, { readonly of: string; readonly parsed: ParsedJob }>();
  /** Many jobs may have the same times. */
  readonly #parsed = new Map<string, ParsedSchedule>();

  of(job: ScheduledJob): ParsedJob {
    const of = JSON.stringify([
      job.cron_expression,
      job.timezone,
      job.starts_at_ms,
      job.ends_at_ms,
      job.jitter_seconds,
    ]);
    const kept = this.#kept.get(job.id);
    if (kept?.of === of) return kept.parsed;
    const parsed = scheduleOfJob(job, (...times) => this.#parse(...times));
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(job.id, { of, parsed });
    return parsed;
  }

  /** The zone of the machine may have changed. */
  forget(): void {
    this.#kept.clear();
    this.#parsed.clear();
  }

  #parse(expression: string, timeZone: string): ParsedSchedule {
    const of = `${timeZone} ${expression}`;
    const known = this.#parsed.get(of);
    if (known !== undefined) return known;
    const parsed = parseSchedule(expression, timeZone);
    if (this.#parsed.size >= mostParsed) this.#parsed.clear();
    this.#parsed.set(of, parsed);
    return parsed;
  }
}
