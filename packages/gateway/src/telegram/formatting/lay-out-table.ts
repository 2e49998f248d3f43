import stringWidth from 'string-width';

export type Alignment = 'left' | 'center' | 'right';

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of each column. */
  readonly alignments: readonly Alignment[];
}

/**
 * A table for a font whose characters are all as wide, with a rule below its header. Chinese and other wide
 * characters count as two.
 */
export function layOutTable({ header, rows, alignments }: Table): string {
  const widths = header.map((_, column) =>
    Math.max(1, ...[header, ...rows].map((row) => stringWidth(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => pad(row[column] ?? '', width, alignments[column] ?? 'left'))
      .join(' │ ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  const text = [line(header), rule, ...rows.map(line)].join('\n');
  // Telegram takes leading spaces away, and the header would no longer stand above its columns.
  return text.replace(/^ /, '\u00a0');
}

function pad(cell: string, width: number, alignment: Alignment): string {
  const missing = width - stringWidth(cell);
  const before = { left: 0, center: Math.floor(missing / 2), right: missing }[alignment];
  return ' '.repeat(before) + cell + ' '.repeat(missing - before);
}
