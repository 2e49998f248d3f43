/** The zone of the machine, which jobs without one go by. */
export const systemTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** In lower case: names may be written either way. Asking the system takes long, and much memory. */
const known = new Set<string>();

/** Whether a text names a time zone of the IANA database that this program knows. Fixed offsets don't. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  if (known.has(name.toLowerCase())) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    known.add(name.toLowerCase());
    return true;
  } catch {
    return false;
  }
}

/** Writes moments as a clock in that zone shows them, with their offset: `2026-12-24T18:00:00+01:00`. */
export function zonedClock(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  return (ms) => {
    const parts = format.formatToParts(ms);
    const of = (type: Intl.DateTimeFormatPartTypes): string =>
      parts.find((part) => part.type === type)?.value ?? '';
    const offset = of('timeZoneName').slice('GMT'.length) || '+00:00';
    return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}${offset}`;
  };
}
