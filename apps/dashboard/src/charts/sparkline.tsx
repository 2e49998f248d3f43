import type { ReactNode } from 'react';

/** A value at a time, in minutes. */
export interface Point {
  readonly at: number;
  /** From 0 to 100. */
  readonly value: number;
}

const [width, height] = [240, 48];
/** Further apart than this nothing is known between two points. */
const gapMinutes = 30;

/** How something went over a day, between the least and the most that it was: `label` says both in words. */
export function Sparkline({
  points,
  untilMinutes,
  label,
  gap = gapMinutes,
}: {
  readonly points: readonly Point[];
  readonly untilMinutes: number;
  readonly label: string;
  readonly gap?: number;
}): ReactNode {
  const x = ({ at }: Point): string => (width - ((untilMinutes - at) / 1440) * width).toFixed(1);
  const [low, high] = rangeOf(points);
  const y = ({ value }: Point): string =>
    (height - 2 - ((value - low) / (high - low)) * (height - 4)).toFixed(1);
  const stretches = stretchesOf(points, gap);
  const line = stretches
    .map((stretch) => `M${stretch.map((point) => `${x(point)} ${y(point)}`).join('L')}`)
    .join('');
  const area = stretches
    .filter(({ length }) => length > 1)
    .map((stretch) => {
      const [first, last] = [stretch[0], stretch.at(-1)];
      if (first === undefined || last === undefined) return '';
      const top = stretch.map((point) => `${x(point)} ${y(point)}`).join('L');
      return `M${x(first)} ${height}L${top}L${x(last)} ${height}Z`;
    })
    .join('');
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="area" d={area} />
      <path className="line" d={line} />
    </svg>
  );
}

/** Not so narrow that what hardly changes looks wild. */
function rangeOf(points: readonly Point[]): readonly [low: number, high: number] {
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = Math.max(1, (12 - (most - least)) / 2);
  return [Math.max(0, least - air), most + air];
}

function stretchesOf(points: readonly Point[], gap: number): Point[][] {
  const stretches: Point[][] = [];
  for (const point of points) {
    const last = stretches.at(-1);
    const before = last?.at(-1);
    if (last === undefined || before === undefined || point.at - before.at > gap) {
      stretches.push([point]);
    } else last.push(point);
  }
  return stretches;
}
