/** A field that a test has made: its text, and the values that it stands for. */
export interface MadeField {
  readonly text: string;
  readonly values: ReadonlySet<number>;
  /** Written with `*`: with others like it, the times follow what clocks show. */
  readonly open: boolean;
}

export interface MadeExpression {
  readonly minute: MadeField;
  readonly hour: MadeField;
  readonly day: MadeField;
  readonly month: MadeField;
  readonly weekDay: MadeField;
}

export const textOf = ({ minute, hour, day, month, weekDay }: MadeExpression): string =>
  [minute, hour, day, month, weekDay].map(({ text }) => text).join(' ');

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/** What a zone's clocks are ahead of UTC, asked of the system for each quarter of an hour once. */
export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  }

  at(ms: number): number {
    const quarter = Math.floor(ms / quarterMs) * quarterMs;
    const known = this.#known.get(quarter);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(
      this.#format.formatToParts(quarter).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute) - quarter;
    this.#known.set(quarter, offset);
    return offset;
  }
}

/** A minute as a zone's clocks show it. */
interface ClockMinute {
  readonly ms: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekDay: number;
  /** It was shown before. */
  readonly again: boolean;
  /** Minutes that were left out just before it. */
  readonly leftOut: readonly Omit<ClockMinute, 'again' | 'leftOut'>[];
}

const dayMs = 24 * 3600_000;

const shownAt = (ms: number, localMs: number) => {
  const local = new Date(localMs);
  return {
    ms,
    minute: local.getUTCMinutes(),
    hour: local.getUTCHours(),
    day: local.getUTCDate(),
    month: local.getUTCMonth() + 1,
    weekDay: local.getUTCDay(),
  };
};

/** Each minute of a stretch of time. */
export function clockMinutes(offsets: ZoneOffsets, fromMs: number, untilMs: number): ClockMinute[] {
  const minutes: ClockMinute[] = [];
  const shown = new Set<number>();
  // A day more, to know which times were shown before.
  for (let ms = fromMs - dayMs; ms <= untilMs; ms += minuteMs) {
    const local = ms + offsets.at(ms);
    const leftOut: Omit<ClockMinute, 'again' | 'leftOut'>[] = [];
    const before = ms - minuteMs + offsets.at(ms - minuteMs);
    for (let out = before + minuteMs; out < local; out += minuteMs) leftOut.push(shownAt(ms, out));
    if (ms >= fromMs) minutes.push({ ...shownAt(ms, local), again: shown.has(local), leftOut });
    shown.add(local);
  }
  return minutes;
}

/**
 * All times of an expression among these minutes, found by looking at each of them: slow, and with nothing
 * in common with the parser that it checks.
 */
export function everyTime(made: MadeExpression, minutes: readonly ClockMinute[]): number[] {
  const fixed = !made.minute.open && !made.hour.open;
  return minutes
    .filter((shown) => {
      if (fits(made, shown) && !(fixed && shown.again)) return true;
      return fixed && shown.leftOut.some((out) => fits(made, out));
    })
    .map(({ ms }) => ms);
}

function fits(made: MadeExpression, shown: Omit<ClockMinute, 'again' | 'leftOut'>): boolean {
  const { minute, hour, day, month, weekDay } = made;
  if (!minute.values.has(shown.minute) || !hour.values.has(shown.hour)) return false;
  if (!month.values.has(shown.month)) return false;
  const dayFits = day.values.has(shown.day);
  const weekDayFits = weekDay.values.has(shown.weekDay);
  if (day.text === '*' || weekDay.text === '*') return dayFits && weekDayFits;
  return dayFits || weekDayFits;
}
