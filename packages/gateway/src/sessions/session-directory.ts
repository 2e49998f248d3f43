import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { codeOf, OpenDirectory } from '../host/files/open-directory.ts';

/**
 * A session's directory and the one that it is in, its bot's. Neither may be a link: what a chat puts in
 * the place of its own directory must not lead the gateway to another chat's, or out. The way to them is
 * the owner's, and may have links.
 */
export interface HeldSession {
  readonly bot: OpenDirectory;
  readonly directory: OpenDirectory;
}

/**
 * Use a session's directory, held open meanwhile.
 * @param make whether they are made where they are missing
 * @throws the system's error: `ENOENT`, `ENOTDIR`, `ELOOP`, …; what `use` throws
 */
export const holdSession = <T>(
  path: string,
  make: 'make' | 'leave',
  use: (session: HeldSession) => Promise<T>,
): Promise<T> =>
  holdBot(path, make, (bot) =>
    hold(bot, basename(path), make, (directory) => use({ bot, directory })),
  );

/** The same for its bot's directory alone. */
export async function holdBot<T>(
  path: string,
  make: 'make' | 'leave',
  use: (bot: OpenDirectory) => Promise<T>,
): Promise<T> {
  const botPath = dirname(path);
  const rootPath = dirname(botPath);
  if (make === 'make') await mkdir(rootPath, { recursive: true, mode: 0o700 });
  const root = await OpenDirectory.at(rootPath);
  try {
    return await hold(root, basename(botPath), make, use);
  } finally {
    await root.close();
  }
}

async function hold<T>(
  parent: OpenDirectory,
  name: string,
  make: 'make' | 'leave',
  use: (directory: OpenDirectory) => Promise<T>,
): Promise<T> {
  if (make === 'make') await makeIfMissing(parent.path(name));
  const directory = await parent.directory(name);
  try {
    return await use(directory);
  } finally {
    await directory.close();
  }
}

async function makeIfMissing(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
