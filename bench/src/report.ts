import type { Goal, Measurement, Result } from './result.ts';

const figure = (value: number): string => {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
};

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[],
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return left.includes(column) ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    left.includes(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const measurementRow = ({ label, unit, n, p50, p95, max }: Measurement): string[] => [
  label,
  unit,
  String(n),
  figure(p50),
  figure(p95),
  figure(max),
];

const measurementTable = (measurements: readonly Measurement[]): string =>
  table(['measured', 'unit', 'n', 'p50', 'p95', 'max'], measurements.map(measurementRow), [0, 1]);

const goalRow = ({ text, bound, limit, unit, value, met }: Goal): string[] => [
  text,
  `${bound} ${figure(limit)} ${unit}`,
  `${figure(value)} ${unit}`,
  met ? 'met' : 'NOT MET',
];

/** A run as Markdown that a terminal shows well too. */
export function formatResult(result: Result): string {
  const { machine, measurements, goals } = result;
  const missed = goals.filter(({ met }) => !met).length;
  return [
    `${result.suite}${result.quick ? ' (quick: too few samples to judge by)' : ''}, ` +
      `${result.startedAt.slice(0, 10)}, ${Math.round(result.seconds)} s; Claude Code ${machine.claude}, ` +
      `Node ${machine.node.slice(1)}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ` +
      `${machine.system}, load before ${machine.loadBefore.toFixed(2)}`,
    ...(result.tables ?? []).map(({ head, rows, left }) => table(head, rows, left)),
    ...(measurements.length === 0 ? [] : [measurementTable(measurements)]),
    table(['goal', 'limit', 'this run', ''], goals.map(goalRow), [0, 3]),
    missed === 0 ? 'Every goal is met.' : `${missed} of ${goals.length} goals are not met.`,
  ].join('\n\n');
}
