import type { ReactNode } from 'react';
import type { Writing } from '../words/writing.ts';

const dayMs = 86_400_000;
const weeks = 53;
const [cell, step, top] = [11, 14, 18];

/** A year of days, a column for each week, which begins on Monday. */
export function Calendar({
  values,
  today,
  label,
  describe,
  writing,
}: {
  /** By date, `YYYY-MM-DD`. */
  readonly values: ReadonlyMap<string, number>;
  readonly today: string;
  readonly label: string;
  readonly describe: (date: string, value: number) => string;
  readonly writing: Writing;
}): ReactNode {
  const days = daysUntil(today);
  const levelOf = levels([...values.values()]);
  return (
    <svg
      className="calendar"
      viewBox={`0 0 ${weeks * step} ${top + 7 * step}`}
      role="img"
      aria-label={label}
    >
      {monthsOf(days).map(({ date, week }) => (
        <text key={date} x={week * step} y={11}>
          {writing.month(date)}
        </text>
      ))}
      {days.map(({ date, week, weekday }) => {
        const value = values.get(date) ?? 0;
        return (
          <rect
            key={date}
            className={`level-${levelOf(value)}`}
            x={week * step}
            y={top + weekday * step}
            width={cell}
            height={cell}
            rx={3}
          >
            {value > 0 && <title>{describe(date, value)}</title>}
          </rect>
        );
      })}
    </svg>
  );
}

interface Day {
  readonly date: string;
  readonly week: number;
  /** 0: Monday. */
  readonly weekday: number;
}

function daysUntil(today: string): Day[] {
  const last = Date.parse(today);
  const weekday = (new Date(last).getUTCDay() + 6) % 7;
  const first = last - ((weeks - 1) * 7 + weekday) * dayMs;
  return Array.from({ length: (last - first) / dayMs + 1 }, (_, n) => ({
    date: new Date(first + n * dayMs).toISOString().slice(0, 10),
    week: Math.floor(n / 7),
    weekday: n % 7,
  }));
}

/** Where a month begins, as far as its name has room. */
function monthsOf(days: readonly Day[]): Day[] {
  const begins = days.filter(({ date }) => date.endsWith('-01'));
  return begins.filter(({ week }) => week < weeks - 1);
}

/** 0: nothing; 1 to 4: the quarter of all days with something that a value is in. */
function levels(values: readonly number[]): (value: number) => number {
  const sorted = values.filter((value) => value > 0).toSorted((a, b) => a - b);
  const bounds = [0.25, 0.5, 0.75].map((part) => sorted[Math.floor(sorted.length * part)] ?? 0);
  return (value) => (value <= 0 ? 0 : 1 + bounds.filter((bound) => value > bound).length);
}
