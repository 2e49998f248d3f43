import { createHash, type Hash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { codeOf, type OpenDirectory } from './open-directory.ts';

/** How much of a tree is looked at; what lies beyond is passed over. */
export interface TreeLimits {
  readonly entries: number;
  readonly levels: number;
}

/**
 * Names, sizes and times of all that is in a directory, as one short text: another one when anything in it
 * was changed. Links are not followed: they may lead in circles, or through the whole machine.
 */
export async function treeFingerprint(
  directory: OpenDirectory,
  limits: TreeLimits,
): Promise<string> {
  const hash = createHash('sha256');
  await add(directory, '', { entries: limits.entries, hash }, limits.levels);
  return hash.digest('base64');
}

interface Walk {
  entries: number;
  readonly hash: Hash;
}

async function add(
  directory: OpenDirectory,
  place: string,
  walk: Walk,
  levels: number,
): Promise<void> {
  const entries = await directory.entries();
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    walk.entries -= 1;
    if (walk.entries < 0) break;
    const name = `${place}/${entry.name}`;
    const { size, mtimeNs } = (await lstatIfThere(directory.path(entry.name))) ?? {};
    walk.hash.update(JSON.stringify([name, String(size), String(mtimeNs)]));
    if (entry.isDirectory() && levels > 1)
      await addBelow(directory, entry.name, name, walk, levels - 1).catch(unlessGone);
  }
}

async function addBelow(
  parent: OpenDirectory,
  name: string,
  place: string,
  walk: Walk,
  levels: number,
): Promise<void> {
  const directory = await parent.directory(name);
  try {
    await add(directory, place, walk, levels);
  } finally {
    await directory.close();
  }
}

const lstatIfThere = (path: string) => lstat(path, { bigint: true }).catch(unlessGone);

/** It was removed, or something else is in its place by now. */
function unlessGone(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(codeOf(error) ?? '')) throw error;
}
