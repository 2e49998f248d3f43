import { createWriteStream } from 'node:fs';
import { mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { OpenDirectory } from './open-directory.ts';

/** Each level holds a directory open. Nobody nests so deep who does not mean harm. */
const deepest = 64;

/**
 * Copy what is in a directory, for the owner alone. Links are copied as links, whatever they point to;
 * sockets, pipes and devices are left out.
 * @param target a directory that is not there yet, in one that nobody else writes to
 * @throws the system's error
 */
export async function copyTree(source: OpenDirectory, target: string, depth = 1): Promise<void> {
  if (depth > deepest) throw new Error(`it has more than ${deepest} directories within each other`);
  await mkdir(target, { mode: 0o700 });
  for (const entry of await source.entries()) {
    const copy = join(target, entry.name);
    if (entry.isDirectory()) await copyDirectory(source, entry.name, copy, depth);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source.path(entry.name)), copy);
    else if (entry.isFile()) await copyFile(source, entry.name, copy);
  }
}

async function copyDirectory(
  source: OpenDirectory,
  name: string,
  copy: string,
  depth: number,
): Promise<void> {
  const directory = await source.directory(name);
  try {
    await copyTree(directory, copy, depth + 1);
  } finally {
    await directory.close();
  }
}

async function copyFile(source: OpenDirectory, name: string, copy: string): Promise<void> {
  const file = await source.file(name);
  if (file === undefined) return;
  try {
    const target = createWriteStream(copy, { flags: 'wx', mode: 0o600 });
    await pipeline(file.createReadStream({ autoClose: false }), target);
  } finally {
    await file.close();
  }
}
