import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../host/is-missing.ts';
import { keyBytes } from './secret-box.ts';

/** The key file can't be used. The message says which, why, and what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** Where the key of a database's secrets is. */
export const keyFileOf = (databasePath: string): string => `${databasePath}.key`;

/**
 * The key that secrets in the database are sealed with, made where there is none. Who has both files can
 * read them, so that a backup of the database alone gives nothing away.
 * @throws KeyFileError, also when others could have read it; or the system's error
 */
export function readKeyFile(path: string): Buffer {
  return tryRead(path) ?? create(path);
}

const Coded = z.object({ code: z.string() });
const hasCode = (error: unknown, code: string): boolean =>
  Coded.safeParse(error).data?.code === code;

function tryRead(path: string): Buffer | undefined {
  let file: number;
  try {
    // Not through a link, and not waiting for somebody to write into a pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (hasCode(error, 'ELOOP'))
      throw new KeyFileError(`The key file ${path} is a link. ${byItself}`);
    throw error;
  }
  try {
    refuseShared(path, fstatSync(file));
    const key = Buffer.from(readFileSync(file, 'latin1').trim(), 'base64url');
    if (key.length === keyBytes) return key;
  } finally {
    closeSync(file);
  }
  throw new KeyFileError(
    `The key file ${path} is damaged. Restore it from a backup; or remove it, and give all bot tokens anew.`,
  );
}

const byItself =
  'It must be a file of its own: put the key there, or remove the link to get a new one.';

/** It is not repaired in silence: whoever could read the key may have it already. */
function refuseShared(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new KeyFileError(`The key file ${path} is no file. ${byItself}`);
  const { mode, uid } = stats;
  const user = process.getuid?.() ?? uid;
  if (uid !== user) {
    throw new KeyFileError(
      `The key file ${path} belongs to another user (${uid}). Make it yours: chown ${user} ${path}`,
    );
  }
  if ((mode & 0o077) === 0) return;
  throw new KeyFileError(
    `The key file ${path} can be read by other users (mode ${(mode & 0o777).toString(8)}). ` +
      `Run: chmod 600 ${path}. If others use this machine, remove it instead, and give all bot tokens anew.`,
  );
}

/** Whole or not at all, and the first one counts: two that begin at the same time use one key. */
function create(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeWhole(partial, `${randomBytes(keyBytes).toString('base64url')}\n`);
    linkSync(partial, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  const key = tryRead(path);
  if (key === undefined) throw new KeyFileError(`The key file ${path} was removed meanwhile.`);
  return key;
}

/** What is sealed with it must not outlive it, should the machine fail. */
function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
