import type { ReactNode } from 'react';

/** How much of a day something was up; undefined: nothing is known of it. */
export interface UptimeDay {
  readonly date: string;
  /** From 0 to 100. */
  readonly percent: number | undefined;
}

export function UptimeBars({
  days,
  label,
  describe,
}: {
  readonly days: readonly UptimeDay[];
  readonly label: string;
  readonly describe: (day: UptimeDay) => string;
}): ReactNode {
  return (
    <svg
      className="uptime-bars"
      viewBox={`0 0 ${days.length * 10} 40`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {days.map((day, n) => (
        <rect
          key={day.date}
          className={classOf(day.percent)}
          x={n * 10 + 1.5}
          y={0}
          width={7}
          height={40}
          rx={2}
        >
          <title>{describe(day)}</title>
        </rect>
      ))}
    </svg>
  );
}

function classOf(percent: number | undefined): string {
  if (percent === undefined) return 'unknown';
  if (percent >= 99) return 'good';
  return percent >= 90 ? 'fair' : 'bad';
}
