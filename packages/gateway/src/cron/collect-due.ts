import type { JobRow } from './job-row.ts';
import type { JobSchedule } from './job-schedule.ts';

/** A run that begins no later than this is in time, in milliseconds. */
export const inTimeMs = 60_000;

/** Of a job whose time came many times meanwhile, so many are looked at in one go. */
const most = 10;

/** Occurrences that have come, which nothing has been decided about. */
export interface DueOccurrences {
  /** In their order. */
  readonly atMs: readonly number[];
  /** There were more of them, from that one on, before the first. */
  readonly sinceMs: number | undefined;
  /** What has to be looked at next, which may be due too; undefined: nothing ever. */
  readonly nextMs: number | undefined;
}

/**
 * What has come since a job was looked at. A machine that slept for a year must not find a row for each
 * minute: of those that won't run, only the newest are listed.
 * @param fromMs the first occurrence that nothing has been decided about; it is due
 */
export function collectDue(
  schedule: JobSchedule,
  fromMs: number,
  nowMs: number,
  { misfire, misfire_grace_seconds }: Pick<JobRow, 'misfire' | 'misfire_grace_seconds'>,
): DueOccurrences {
  const second = schedule.next(fromMs);
  if (second === undefined || second > nowMs) {
    return { atMs: [fromMs], sinceMs: undefined, nextMs: second };
  }
  const graceMs = Math.max(misfire_grace_seconds * 1000, inTimeMs);
  // What is too late for any policy comes first, apart from what is not.
  const latest = nowMs - graceMs - 1;
  if (fromMs <= latest) return newest(schedule, fromMs, latest);
  return misfire === 'all' ? oldest(schedule, fromMs, nowMs) : newest(schedule, fromMs, nowMs);
}

function oldest(schedule: JobSchedule, fromMs: number, nowMs: number): DueOccurrences {
  const atMs: number[] = [];
  let nextMs: number | undefined = fromMs;
  while (nextMs !== undefined && atMs.length < most && isDue(schedule, nextMs, nowMs)) {
    atMs.push(nextMs);
    nextMs = schedule.next(nextMs);
  }
  return { atMs, sinceMs: undefined, nextMs };
}

function newest(schedule: JobSchedule, fromMs: number, nowMs: number): DueOccurrences {
  const atMs: number[] = [];
  let last = schedule.last(nowMs);
  // Its jitter may put it off a little longer.
  if (last !== undefined && last > fromMs && !isDue(schedule, last, nowMs))
    last = schedule.last(last - 1);
  const nextMs = schedule.next(last ?? fromMs);
  while (last !== undefined && last >= fromMs && atMs.length < most) {
    atMs.unshift(last);
    last = schedule.last(last - 1);
  }
  // Rules of a time zone may have changed: what was expected does not come any more.
  const [first] = atMs;
  const more = first !== undefined && last !== undefined && last >= fromMs;
  return { atMs, sinceMs: more ? fromMs : undefined, nextMs };
}

const isDue = (schedule: JobSchedule, atMs: number, nowMs: number): boolean =>
  atMs <= nowMs && schedule.dueMs(atMs) <= nowMs;
