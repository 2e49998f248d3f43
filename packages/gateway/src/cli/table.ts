import { columnsOf, fitLine } from './chat/fit-line.ts';
import { printableLine } from './chat/printable-text.ts';

const longestCell = 60;

/** Rows below their headings, in columns. What others wrote is shown on one line, and does nothing. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map(cellOf))];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))),
  );
  return cells
    .map((row) =>
      row
        .map(
          (cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - columnsOf(cell))),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const cellOf = (text: string): string => fitLine(printableLine(text), longestCell);
