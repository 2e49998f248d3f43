/** What clocks of a zone show, as a field for times takes it. @param ms Unix milliseconds @returns `2026-12-24T18:00` */
export function wallTime(ms: number, zone?: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).formatToParts(ms);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}

/** The zone of this browser. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** All zones that this browser knows. */
export const knownZones = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];
