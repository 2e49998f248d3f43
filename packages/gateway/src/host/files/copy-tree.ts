import { createWriteStream } from 'node:fs';
import { mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { OpenDirectory } from './open-directory.ts';

/** Each level holds a directory open. Nobody nests so deep who does not mean harm. */
export const deepest = 64;

/** What a copy may take. A file may have holes, and be larger than the disk. */
export interface CopyBudget {
  /** Bytes in all files. */
  bytes: number;
  /** Files, directories and links. */
  entries: number;
}

/**
 * Copy what is in a directory, for the owner alone. Links are copied as links, whatever they point to;
 * sockets, pipes and devices are left out.
 * @param target a directory that is not there yet, in one that nobody else writes to
 * @param budget is used up by it
 * @throws the system's error; Error when it is too deep, or the budget is too small
 */
export async function copyTree(
  source: OpenDirectory,
  target: string,
  budget: CopyBudget,
  depth = 1,
): Promise<void> {
  if (depth > deepest) throw new Error(`it has more than ${deepest} directories within each other`);
  await mkdir(target, { mode: 0o700 });
  for (const entry of await source.entries()) {
    budget.entries -= 1;
    if (budget.entries < 0) throw new Error('there are too many files in it');
    const copy = join(target, entry.name);
    if (entry.isDirectory()) await copyDirectory(source, entry.name, copy, budget, depth);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source.path(entry.name)), copy);
    else if (entry.isFile()) await copyFile(source, entry.name, copy, budget);
  }
}

async function copyDirectory(
  source: OpenDirectory,
  name: string,
  copy: string,
  budget: CopyBudget,
  depth: number,
): Promise<void> {
  const directory = await source.directory(name);
  try {
    await copyTree(directory, copy, budget, depth + 1);
  } finally {
    await directory.close();
  }
}

async function copyFile(
  source: OpenDirectory,
  name: string,
  copy: string,
  budget: CopyBudget,
): Promise<void> {
  const file = await source.file(name);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    budget.bytes -= size;
    if (budget.bytes < 0) throw new Error('its files are too large');
    const target = createWriteStream(copy, { flags: 'wx', mode: 0o600 });
    // What is written to it meanwhile is not counted, and not copied.
    if (size === 0) await pipeline([], target);
    else await pipeline(file.createReadStream({ autoClose: false, end: size - 1 }), target);
  } finally {
    await file.close();
  }
}
