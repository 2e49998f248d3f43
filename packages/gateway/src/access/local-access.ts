import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { tokenDigest } from './token-text.ts';

/** The key of the one who may read the database's directory. It lives as long as the gateway runs. */
export class LocalKey {
  readonly text = randomBytes(32).toString('base64url');
  readonly #digest = tokenDigest(this.text);

  /** @param digest of what was sent */
  matches(digest: Buffer): boolean {
    return timingSafeEqual(digest, this.#digest);
  }
}

const LocalAccess = z.object({ url: z.url(), key: z.string().min(1) });
export type LocalAccess = z.infer<typeof LocalAccess>;

const fileOf = (databasePath: string): string => `${databasePath}.access`;

/**
 * Write down where the gateway listens and what lets its owner in, for the commands of this machine: they
 * can't open the database while the gateway has it, and whoever can read this file could read that one too.
 * @param databasePath the real one
 * @returns how to take it back
 */
export function publishLocalAccess(databasePath: string, access: LocalAccess): () => void {
  if (databasePath === ':memory:') return () => {};
  const file = fileOf(databasePath);
  const partial = `${file}.partial`;
  // Made anew: a file that is there already could be somebody's link, or one that others may read.
  rmSync(partial, { force: true });
  writeFileSync(partial, JSON.stringify(access), { mode: 0o600, flag: 'wx' });
  renameSync(partial, file);
  return () => rmSync(file, { force: true });
}

/** How to reach the gateway that has this database, as its owner. After a crash it may be out of date. */
export function readLocalAccess(databasePath: string): LocalAccess | undefined {
  try {
    return LocalAccess.parse(JSON.parse(readFileSync(fileOf(databasePath), 'utf8')));
  } catch {
    return undefined;
  }
}
