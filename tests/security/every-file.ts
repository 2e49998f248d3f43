import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below a directory that is no link, by its path: files and directories. */
export function everythingIn(directory: string): { files: string[]; directories: string[] } {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const named = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  return {
    files: named.filter(({ entry }) => entry.isFile()).map(({ path }) => path),
    directories: named.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path),
  };
}
