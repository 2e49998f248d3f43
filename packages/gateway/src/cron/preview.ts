import { zoneOf } from './job-schedule.ts';
import { type ParsedSchedule, parseSchedule } from './schedule/schedule.ts';
import { zonedClock } from './schedule/time-zone.ts';
import { inWords, type Words } from './schedule/words.ts';

/** What an expression stands for. */
export interface Preview {
  /** In the zone's own time. */
  readonly next: string[];
  readonly timezone: string;
  readonly words: Words;
}

/** @param n how many times */
export async function preview(
  expression: string,
  timezone: string | null,
  n: number,
  nowMs: number,
): Promise<{ kind: 'preview'; preview: Preview } | Extract<ParsedSchedule, { kind: 'fault' }>> {
  const zone = zoneOf({ timezone });
  const parsed = parseSchedule(expression, zone);
  if (parsed.kind === 'fault') return parsed;
  const shown = zonedClock(zone);
  const next: string[] = [];
  for (
    let ms: number | undefined = parsed.schedule.next(nowMs);
    ms !== undefined && next.length < n;
  ) {
    next.push(shown(ms));
    ms = parsed.schedule.next(ms);
  }
  const words = await inWords(expression);
  return { kind: 'preview', preview: { next, timezone: zone, words } };
}
