import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../host/is-missing.ts';

/** A backup in the directory of backups. */
export interface BackupFile {
  readonly name: string;
  readonly path: string;
  /** ISO 8601. */
  readonly made_at: string;
  readonly bytes: number;
}

const form = /^mini-claude-bot-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.?(\d{3})?Z\.tar\.gz$/;
const partialForm = /^mini-claude-bot-.*\.tar\.gz\.(\d+)-[0-9a-f]+\.partial(\.sqlite(-journal)?)?$/;

/** @param nowMs Unix milliseconds */
export const backupName = (nowMs: number): string =>
  `mini-claude-bot-${new Date(nowMs).toISOString().replace(/[-:]/g, '')}.tar.gz`;

/** Newest first. Files of other names are somebody else's. */
export function listBackupFiles(directory: string): BackupFile[] {
  return entriesOf(directory)
    .flatMap((name) => {
      const [, year, month, day, hour, minute, second, ms = '000'] = form.exec(name) ?? [];
      if (year === undefined) return [];
      const path = join(directory, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isFile() !== true) return [];
      const made_at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
      return [{ name, path, made_at, bytes: stats.size }];
    })
    .toSorted((a, b) => (a.made_at < b.made_at ? 1 : -1));
}

/** Keep the newest. @returns those that were removed */
export function pruneBackups(directory: string, keep: number): BackupFile[] {
  const old = listBackupFiles(directory).slice(keep);
  for (const { path } of old) rmSync(path, { force: true });
  return old;
}

/** Remove what a process left that was killed while it made a backup. To be called while this one makes none. */
export function removePartials(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of entriesOf(directory)) {
    const pid = partialForm.exec(name)?.[1];
    if (pid === undefined) continue;
    // One of our own number was another process: this one begins only now.
    if (Number(pid) === process.pid || !isAlive(Number(pid)))
      rmSync(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
