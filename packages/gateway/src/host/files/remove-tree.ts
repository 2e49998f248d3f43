import { randomUUID } from 'node:crypto';
import { rename, rmdir, unlink } from 'node:fs/promises';
import { codeOf, type OpenDirectory } from './open-directory.ts';

/** Each level holds a directory open; what lies deeper is moved up first. */
const deepest = 32;
/** Somebody may still write into it. */
const tries = 5;

/** A tree that is being removed. */
interface Removal {
  /** The directory that it all lies in. */
  readonly top: OpenDirectory;
  /** How much was moved up there. */
  moved: number;
}

/**
 * Remove what has that name in a directory, with all that is in it. Links are removed, and never followed,
 * also one that takes a directory's place in this moment. Not there: nothing to do.
 */
export async function removeTree(parent: OpenDirectory, name: string): Promise<void> {
  const directory = await openOrUnlink(parent, name);
  if (directory === undefined) return;
  try {
    await removeAllIn(directory, { top: directory, moved: 0 }, 1);
    await removeEmptied(parent, name, directory);
  } finally {
    await directory.close();
  }
}

/** The directory of that name, or undefined where there is none; anything else of that name is removed. */
async function openOrUnlink(parent: OpenDirectory, name: string) {
  try {
    return await parent.ownDirectory(name);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTDIR' || code === 'ELOOP') await unlinkIfThere(parent.path(name));
    else if (code !== 'ENOENT') throw error;
    return undefined;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function removeAllIn(
  directory: OpenDirectory,
  removal: Removal,
  depth: number,
): Promise<void> {
  for (const entry of await directory.entries()) {
    if (!entry.isDirectory()) await unlinkIfThere(directory.path(entry.name));
    else if (depth < deepest) await removeBelow(directory, entry.name, removal, depth);
    else await moveUp(directory, entry.name, removal);
  }
}

async function removeBelow(
  parent: OpenDirectory,
  name: string,
  removal: Removal,
  depth: number,
): Promise<void> {
  const directory = await openOrUnlink(parent, name);
  if (directory === undefined) return;
  try {
    await removeAllIn(directory, removal, depth + 1);
  } finally {
    await directory.close();
  }
  await removeIfEmpty(parent.path(name));
}

async function moveUp(parent: OpenDirectory, name: string, removal: Removal): Promise<void> {
  // To move a directory it must be writable.
  await (await openOrUnlink(parent, name))?.close();
  await rename(parent.path(name), removal.top.path(randomUUID()));
  removal.moved += 1;
}

/** Remove a directory that was emptied; what was moved or written into it meanwhile goes first. */
async function removeEmptied(
  parent: OpenDirectory,
  name: string,
  directory: OpenDirectory,
): Promise<void> {
  for (let attempt = 1; !(await removeIfEmpty(parent.path(name))); ) {
    const again: Removal = { top: directory, moved: 0 };
    await removeAllIn(directory, again, 1);
    // As long as something comes up from below, there is progress.
    if (again.moved === 0) attempt += 1;
    if (attempt > tries) await rmdir(parent.path(name));
  }
}

/** @returns false when there is something in it */
async function removeIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return true;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
