import { zonedClock } from '../../cron/schedule/time-zone.ts';

const dayMs = 24 * 3600 * 1000;

/** The day in a zone: `2026-03-01`. */
export const dayIn = (timeZone: string, ms: number): string =>
  zonedClock(timeZone)(ms).slice(0, 10);

/** So many days before a day. */
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);

/** The ISO week of a day: `2026-W09`. https://www.iso.org/iso-8601-date-and-time-format.html */
export function weekOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  // A week belongs to the year that its Thursday is in.
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, '0')}`;
}
