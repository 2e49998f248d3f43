import { dirname, relative, sep } from 'node:path';
import { isMissing } from '../is-missing.ts';
import { codeOf, OpenDirectory } from './open-directory.ts';

/**
 * Use a directory, held open meanwhile.
 * @param own how many of the last names of the path must not be links; links before them are followed
 * @returns undefined where there is none, or a link where none may be
 * @throws the system's error; what `use` throws
 */
export async function holdDirectory<T>(
  path: string,
  own: number,
  use: (directory: OpenDirectory) => Promise<T>,
): Promise<T | undefined> {
  const above = Array.from({ length: own }).reduce<string>((place) => dirname(place), path);
  const root = await ifThere(OpenDirectory.at(above));
  try {
    return root && (await holdBelow(root, relative(above, path).split(sep), use));
  } finally {
    await root?.close();
  }
}

/** The same for one below another, by the names on the way, none of which may be a link. */
export async function holdBelow<T>(
  root: OpenDirectory,
  [name, ...more]: readonly string[],
  use: (directory: OpenDirectory) => Promise<T>,
): Promise<T | undefined> {
  if (name === undefined) return use(root);
  const directory = await ifThere(root.directory(name));
  try {
    return directory && (await holdBelow(directory, more, use));
  } finally {
    await directory?.close();
  }
}

async function ifThere(opened: Promise<OpenDirectory>): Promise<OpenDirectory | undefined> {
  try {
    return await opened;
  } catch (error) {
    if (isMissing(error) || ['ELOOP', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
