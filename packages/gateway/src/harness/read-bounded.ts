import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

export const longestTasksFile = 1_000_000;

/** The `tasks.json` of a `.harness` directory; undefined where it can't be one. */
export const readTasksFile = (harness: string): string | undefined =>
  readBounded(join(harness, 'tasks.json'), longestTasksFile, 'refused');

/**
 * The text of a file that somebody else writes; undefined where it is missing, no plain file, or longer
 * than `most` bytes, or a link where those are refused. Small and local: it is read at once, so that a
 * transaction can stand on what it says.
 */
export function readBounded(
  path: string,
  most: number,
  links: 'followed' | 'refused',
): string | undefined {
  let file: number | undefined;
  try {
    // A pipe of that name would keep us waiting for a writer.
    const noLink = links === 'refused' ? constants.O_NOFOLLOW : 0;
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | noLink);
    const entry = fstatSync(file);
    if (!entry.isFile() || entry.size > most) return undefined;
    const bytes = Buffer.alloc(entry.size);
    const read = readSync(file, bytes, 0, entry.size, 0);
    return bytes.toString('utf8', 0, read);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
