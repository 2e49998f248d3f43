import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { holdBelow } from '../host/files/hold-directory.ts';
import type { OpenDirectory } from '../host/files/open-directory.ts';
import { longestTasksFile } from './read-bounded.ts';

/** Where a harness may be below a chat's directory; further down, and in there, is nobody's project. */
const deepest = 3;
const mostDirectories = 2_000;
const passedOver: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', 'venv']);

/**
 * Directories with a `.harness`, by the names on the way to them. Breadth first, so that what is nearest
 * is found in any case.
 */
export async function placesOfHarnesses(root: OpenDirectory): Promise<string[][]> {
  const found: string[][] = [];
  let level: string[][] = [[]];
  let looked = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    const next: string[][] = [];
    for (const place of level.slice(0, mostDirectories - looked)) {
      looked += 1;
      const names = (await holdBelow(root, place, directoriesIn)) ?? [];
      if (names.includes('.harness')) found.push(place);
      const inner = names.filter((name) => name !== '.harness' && !passedOver.has(name));
      next.push(...inner.map((name) => [...place, name]));
    }
    level = next;
  }
  return found;
}

async function directoriesIn(directory: OpenDirectory): Promise<string[]> {
  const entries = await directory.entries();
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** A file that can't be read, or is endless, has no tasks. */
export async function readTasks(harness: OpenDirectory): Promise<string> {
  const file = await harness.file('tasks.json').catch(() => undefined);
  if (file === undefined) return '';
  try {
    return (await file.stat()).size > longestTasksFile ? '' : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/**
 * What was copied is on the disk, and not only on its way there: the original may be removed next. Links in
 * it are not followed.
 */
export async function flushAll(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await flushAll(path);
    else if (entry.isFile()) await flush(path);
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
