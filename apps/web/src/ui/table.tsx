import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** One column: its head, and what stands in it for a row. */
export interface Column<T> {
  readonly key: string;
  readonly head: ReactNode;
  readonly cell: (row: T) => ReactNode;
  /** Figures stand at the right, one below the other. */
  readonly numeric?: boolean;
  /** Not shown where there is little room. */
  readonly wide?: boolean;
}

export interface TableProps<T> {
  /** What the table is about, for those who listen. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
}

export function Table<T>({ caption, columns, rows, keyOf }: TableProps<T>) {
  const place = ({ numeric, wide }: Column<T>): string =>
    cx(
      'px-3 py-2',
      numeric === true && 'text-right tabular-nums',
      wide === true && 'max-md:hidden',
    );
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-line border-b text-left text-soft text-xs">
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cx(place(column), 'font-medium')}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-line border-b last:border-0 hover:bg-hover/60">
              {columns.map((column) => (
                <td key={column.key} className={place(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
