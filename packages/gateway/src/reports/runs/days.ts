import { zonedClock } from '../../cron/schedule/time-zone.ts';

const dayMs = 24 * 3600 * 1000;

/** The day in a zone: `2026-03-01`. */
export const dayIn = (timeZone: string, ms: number): string =>
  zonedClock(timeZone)(ms).slice(0, 10);

/** So many days before a day. */
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);
