/** Numbers and times as a language writes them. */
export interface Writing {
  /** 1,234 */
  readonly count: (value: number) => string;
  /** 1.2M */
  readonly short: (value: number) => string;
  /** One digit after the point where it has any. */
  readonly decimal: (value: number) => string;
  /** @param value from 0 to 100 */
  readonly percent: (value: number) => string;
  readonly dollars: (value: number) => string;
  /** How long ago, or when, as seen from now; null: undefined. */
  readonly ago: (time: string | number | null) => string | undefined;
  /** A day, `YYYY-MM-DD` at its beginning. */
  readonly day: (date: string) => string;
  readonly month: (date: string) => string;
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

export function writingOf(locale: string, nowMs: number): Writing {
  const count = new Intl.NumberFormat(locale);
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
  return {
    count: (value) => count.format(value),
    short: (value) => short.format(value),
    decimal: (value) => decimal.format(value),
    percent: (value) => percent.format(value / 100),
    dollars: (value) => dollars.format(value),
    ago: (time) => (time === null ? undefined : agoOf(locale, Date.parse(String(time)), nowMs)),
    day: (date) => formatDay(day, date),
    month: (date) => formatDay(month, date),
  };
}

/** As the language says it: "3 minutes ago". undefined: that is no time. */
export function agoOf(locale: string, timeMs: number, nowMs: number): string | undefined {
  if (!Number.isFinite(timeMs)) return undefined;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((timeMs - nowMs) / 1000);
  for (const [unit, length] of units) {
    const whole = Math.trunc(seconds / length);
    if (whole !== 0) return format.format(whole, unit);
  }
  return format.format(0, 'second');
}

/** What is no date is shown as it is. */
function formatDay(format: Intl.DateTimeFormat, date: string): string {
  const day = date.slice(0, 10);
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  return Number.isFinite(time) ? format.format(time) : date;
}
