import { Cron } from 'croner';

const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

const isDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * A moment in ISO 8601, such as `2026-12-24T18:00`: with an offset, or as a clock in that zone shows it. A
 * time that a zone's clocks leave out is as much later; of one that they show twice, it is the first.
 * @returns Unix milliseconds; undefined: it is no moment
 */
export function parseMoment(text: string, timeZone: string): number | undefined {
  const found = form.exec(text.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset] = found;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (offset === undefined) return inZone(local, timeZone);
  const ms = Date.parse(`${local}${offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(ms) ? undefined : ms;
}

function inZone(local: string, timeZone: string): number | undefined {
  try {
    return new Cron(local, { timezone: timeZone, paused: true }).getOnce()?.getTime();
  } catch {
    return undefined;
  }
}
