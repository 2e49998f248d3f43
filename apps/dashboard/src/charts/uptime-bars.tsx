import type { ReactNode } from 'react';

/** How much of a day something was up; undefined: nothing is known of it. */
export interface UptimeDay {
  readonly date: string;
  /** From 0 to 100. */
  readonly percent: number | undefined;
}

/** A bar for each day, the newest last. Where there is little room, the later half of them is seen. */
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
    <div className="uptime-bars" role="img" aria-label={label}>
      {days.map((day) => (
        <span key={day.date} className={classOf(day.percent)} title={describe(day)} />
      ))}
    </div>
  );
}

function classOf(percent: number | undefined): string {
  if (percent === undefined) return 'unknown';
  if (percent >= 99) return 'good';
  return percent >= 90 ? 'fair' : 'bad';
}
