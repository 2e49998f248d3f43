import type { ReactNode } from 'react';

const [width, height] = [600, 120];

/** A bar for each day. */
export function DayBars({
  days,
  label,
  describe,
}: {
  readonly days: readonly { readonly date: string; readonly value: number }[];
  readonly label: string;
  readonly describe: (date: string, value: number) => string;
}): ReactNode {
  const most = Math.max(1, ...days.map(({ value }) => value));
  const step = width / days.length;
  return (
    <svg
      className="day-bars"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {[0.25, 0.5, 0.75].map((part) => (
        <line key={part} x1={0} x2={width} y1={height * part} y2={height * part} />
      ))}
      {days.map(({ date, value }, n) => {
        const tall = value === 0 ? 1.5 : Math.max(3, (value / most) * (height - 4));
        return (
          <rect
            key={date}
            className={value === 0 ? 'empty' : undefined}
            x={n * step + step * 0.15}
            y={height - tall}
            width={step * 0.7}
            height={tall}
            rx={2}
          >
            <title>{describe(date, value)}</title>
          </rect>
        );
      })}
    </svg>
  );
}
