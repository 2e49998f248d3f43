import type { Language } from '../settings/settings.tsx';

/** Figures and times as a language writes them. */
export interface Format {
  readonly number: (value: number) => string;
  /** `12.4K`, `1.2万`. */
  readonly compact: (value: number) => string;
  /** US dollars, with as many digits as a small sum needs. */
  readonly cost: (usd: number) => string;
  /** `80 ms`, `4.2 s`, `3 min`. @param ms milliseconds */
  readonly duration: (ms: number) => string;
  /** The time of day today, else the day. @param ms Unix milliseconds */
  readonly moment: (ms: number) => string;
  readonly time: (ms: number) => string;
  readonly day: (ms: number) => string;
  /** `in 3 hours`, `5 minutes ago`. @param ms Unix milliseconds @param nowMs Unix milliseconds */
  readonly relative: (ms: number, nowMs: number) => string;
  /** Weekday, day and time, as clocks of a zone show them. @param ms Unix milliseconds @param zone IANA name */
  readonly zoned: (ms: number, zone?: string) => string;
  /** In full, for a title. */
  readonly full: (ms: number) => string;
  /** `2.1 MB`. */
  readonly bytes: (bytes: number) => string;
}

/** Made when it is first used: each takes a phone a moment, and no page needs all of them. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function createFormat(language: Language, now: () => number = Date.now): Format {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const number = once(() => new Intl.NumberFormat(locale));
  const compact = once(
    () => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }),
  );
  const time = once(() => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }));
  const dayThisYear = once(
    () => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
  );
  const dayAnyYear = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
  const full = once(
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
  );
  const relative = once(
    () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' }),
  );
  const units = new Map<string, Intl.NumberFormat>();
  const unit = (value: number, name: string, digits: number): string => {
    const key = `${name} ${digits}`;
    const known = units.get(key) ?? new Intl.NumberFormat(locale, unitOptions(name, digits));
    units.set(key, known);
    return known.format(value);
  };
  const day = (ms: number): string => {
    const sameYear = new Date(ms).getFullYear() === new Date(now()).getFullYear();
    return (sameYear ? dayThisYear : dayAnyYear)().format(ms);
  };
  return {
    number: (value) => number().format(value),
    compact: (value) => compact().format(value),
    cost: (usd) => {
      const digits = usd === 0 || usd >= 1 ? 2 : usd >= 0.01 ? 3 : 4;
      const amount = usd.toLocaleString('en', {
        minimumFractionDigits: 2,
        maximumFractionDigits: digits,
      });
      return `$${amount}`;
    },
    duration: (ms) => {
      if (ms < 1_000) return unit(ms, 'millisecond', 0);
      if (ms < 10_000) return unit(ms / 1000, 'second', 1);
      if (ms < 60_000) return unit(ms / 1000, 'second', 0);
      return ms < 3_600_000 ? unit(ms / 60_000, 'minute', 0) : unit(ms / 3_600_000, 'hour', 1);
    },
    moment: (ms) => {
      const isToday = new Date(ms).toDateString() === new Date(now()).toDateString();
      return isToday ? time().format(ms) : day(ms);
    },
    time: (ms) => time().format(ms),
    day,
    relative: (ms, nowMs) => {
      const [size, name] = relativeUnit(Math.abs(ms - nowMs));
      return relative().format(Math.trunc((ms - nowMs) / size), name);
    },
    zoned: (ms, zone) => {
      const options = { ...zonedOptions, ...(zone === undefined ? {} : { timeZone: zone }) };
      return new Intl.DateTimeFormat(locale, options).format(ms);
    },
    full: (ms) => full().format(ms),
    bytes: (bytes) => {
      if (bytes < 1000) return unit(bytes, 'byte', 0);
      if (bytes < 1_000_000) return unit(bytes / 1000, 'kilobyte', 0);
      return bytes < 1e9 ? unit(bytes / 1e6, 'megabyte', 1) : unit(bytes / 1e9, 'gigabyte', 1);
    },
  };
}

const unitOptions = (unit: string, digits: number): Intl.NumberFormatOptions => ({
  style: 'unit',
  unit,
  unitDisplay: 'short',
  maximumFractionDigits: digits,
});

const zonedOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;

/** The unit in which a distance is told, and its milliseconds. */
function relativeUnit(ms: number): readonly [number, Intl.RelativeTimeFormatUnit] {
  if (ms < 60_000) return [1_000, 'second'];
  if (ms < 3_600_000) return [60_000, 'minute'];
  return ms < 48 * 3_600_000 ? [3_600_000, 'hour'] : [24 * 3_600_000, 'day'];
}
