import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMissing } from '../host/is-missing.ts';
import { keyBytes } from './secret-box.ts';

/** The key file can't be used. The message says which, why, and what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** The key of a database lies beside it. */
export const sealingKeyPath = (databasePath: string): string => `${databasePath}.key`;

/**
 * The key that secrets in the database are sealed with, made where there is none. Who has both files can
 * read them, so that a backup of the database alone gives nothing away.
 * @throws KeyFileError, or the system's error
 */
export function readKeyFile(path: string): Buffer {
  return tryRead(path) ?? create(path);
}

function tryRead(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length === keyBytes) return key;
  throw new KeyFileError(
    `The key file ${path} is damaged. Restore it from a backup; or remove it, and give all bot tokens anew.`,
  );
}

/** Whole or not at all, and the first one counts: two that begin at the same time use one key. */
function create(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(partial, `${randomBytes(keyBytes).toString('base64url')}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  try {
    linkSync(partial, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  const key = tryRead(path);
  if (key === undefined) throw new KeyFileError(`The key file ${path} was removed meanwhile.`);
  return key;
}
