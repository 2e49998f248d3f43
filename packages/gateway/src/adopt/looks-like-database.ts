import { closeSync, openSync, readSync } from 'node:fs';

/** How every SQLite file begins: https://www.sqlite.org/fileformat2.html#magic_header_string */
const beginning = 'SQLite format 3\0';

/** Whether a file begins as those of SQLite do. It is only read. */
export function looksLikeDatabase(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(beginning.length);
    readSync(file, head, 0, head.length, 0);
    return head.toString('latin1') === beginning;
  } finally {
    closeSync(file);
  }
}
