import { Cron } from 'croner';
import { expressionForm, findFault } from './find-fault.ts';
import { parseMoment } from './moment.ts';
import { isTimeZone } from './time-zone.ts';

/** When something is to happen. All times are Unix milliseconds, of whole seconds. */
export interface Schedule {
  /** The first time after that one; undefined: there is none. */
  readonly next: (afterMs: number) => number | undefined;
  /** The last time that is not after that one; undefined: there is none. */
  readonly last: (untilMs: number) => number | undefined;
}

export type ParsedSchedule =
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  | {
      readonly kind: 'fault';
      readonly in: 'expression' | 'timezone';
      /** What is wrong with which field, to be put behind the name of the input. */
      readonly message: string;
    };

const once = /^@at\s+(.*)$/is;

/**
 * Parse an expression: five fields, six with seconds first, `@daily` and its kin, or `@at` with a moment.
 * The fields are those of https://github.com/open-source-cron/ocps: ranges, steps, lists, names, `L`, `W`,
 * `#`, and both 0 and 7 for Sunday. Where day of month and day of week are both given, either is enough.
 *
 * When clocks change, a job at fixed times runs once for each of them: one whose time is left out runs when
 * the clocks have jumped, one whose time comes twice runs the first time. A job with `*` or a step in its
 * hours, minutes or seconds goes by what clocks show: nothing for times left out, and both that come twice.
 * @param timeZone an IANA name
 */
export function parseSchedule(expression: string, timeZone: string): ParsedSchedule {
  const text = expression.trim();
  if (!isTimeZone(timeZone)) {
    const message = `${JSON.stringify(timeZone)} is not a time zone; it takes an IANA name such as Europe/Berlin or UTC`;
    return { kind: 'fault', in: 'timezone', message };
  }
  const moment = once.exec(text)?.[1];
  return moment === undefined ? parseCron(text, timeZone) : parseOnce(moment, timeZone);
}

const fault = (message: string): ParsedSchedule => ({ kind: 'fault', in: 'expression', message });

function parseOnce(text: string, timeZone: string): ParsedSchedule {
  const atMs = parseMoment(text, timeZone);
  if (atMs === undefined) {
    return fault(`${JSON.stringify(text)} is not a time; it takes one such as 2026-12-24T18:00`);
  }
  const schedule: Schedule = {
    next: (afterMs) => (afterMs < atMs ? atMs : undefined),
    last: (untilMs) => (untilMs >= atMs ? atMs : undefined),
  };
  return { kind: 'schedule', schedule };
}

function parseCron(text: string, timeZone: string): ParsedSchedule {
  try {
    const cron = new Cron(text, {
      timezone: timeZone,
      paused: true,
      ...expressionForm,
      fixedTimeRule: 'no-wildcard',
    });
    // A moment alone is a pattern too for the library; ours are written with @at.
    if (cron.getOnce() !== null) return fault(findFault(text, ''));
    if (cron.nextRun(new Date(0)) === null) return fault('names a day that never comes');
    return { kind: 'schedule', schedule: scheduleOf(cron) };
  } catch (error) {
    return fault(findFault(text, error instanceof Error ? error.message : String(error)));
  }
}

const scheduleOf = (cron: Cron): Schedule => ({
  next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime(),
  // The library looks before a moment, in whole seconds.
  last: (untilMs) =>
    cron.previousRuns(1, new Date(Math.floor(untilMs / 1000) * 1000 + 1000))[0]?.getTime(),
});

/** A schedule between two moments, both included. */
export const within = (
  schedule: Schedule,
  startsMs: number | undefined,
  endsMs: number | undefined,
): Schedule => ({
  next: (afterMs) => {
    const found = schedule.next(startsMs === undefined ? afterMs : Math.max(afterMs, startsMs - 1));
    return found === undefined || (endsMs !== undefined && found > endsMs) ? undefined : found;
  },
  last: (untilMs) => {
    const found = schedule.last(endsMs === undefined ? untilMs : Math.min(untilMs, endsMs));
    return found === undefined || (startsMs !== undefined && found < startsMs) ? undefined : found;
  },
});
