import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BackupError } from '../../backup/backup-error.ts';
import {
  backupName,
  listBackupFiles,
  pruneBackups,
  removePartials,
} from '../../backup/backup-files.ts';
import { backupPlaces } from '../../backup/backup-places.ts';
import { configLines } from '../../backup/config-lines.ts';
import { makeBackup } from '../../backup/make-backup.ts';
import { version } from '../../host/version.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { inMegabytes } from './size-text.ts';

const print = (text: string): void => void process.stdout.write(text);

/** What `mini-claude-bot backup` was asked. */
export interface BackupAsked {
  readonly output?: string | undefined;
  readonly work?: boolean | undefined;
  readonly withKey: boolean;
  readonly json: boolean;
}

/** Make a backup, whether a gateway runs or not. @returns exit code */
export async function makeBackupHere(asked: BackupAsked, sources: ConfigSources): Promise<number> {
  const { config, environment } = readSettings(sources);
  const nowMs = Date.now();
  const { BACKUP_DIR, BACKUP_KEEP, BACKUP_WORK } = config;
  const own = asked.output === undefined;
  const target = own ? join(BACKUP_DIR, backupName(nowMs)) : resolve(asked.output ?? '');
  try {
    if (own) removePartials(BACKUP_DIR);
    if (!asked.json && process.stderr.isTTY)
      process.stderr.write('Backing up; the gateway may go on meanwhile …\n');
    const made = await makeBackup({
      target,
      places: backupPlaces(config, environment),
      config: configLines(environment),
      work: asked.work ?? BACKUP_WORK === 'on',
      key: asked.withKey,
      program: version,
      nowMs,
    });
    const removed = own ? pruneBackups(BACKUP_DIR, BACKUP_KEEP).map(({ name }) => name) : [];
    if (asked.json) print(`${JSON.stringify({ ...made, removed }, undefined, 2)}\n`);
    else {
      print(`${made.path}  ${inMegabytes(made.bytes)}, ${made.files} files\n`);
      for (const why of made.left_out) print(`  left out: ${why}\n`);
      for (const name of removed) print(`  removed, as more than BACKUP_KEEP: ${name}\n`);
    }
    return 0;
  } catch (error) {
    if (error instanceof BackupError) throw new UserFault(error.message);
    throw error;
  }
}

/** @returns exit code */
export async function listBackups({ json }: { json: boolean }, sources: ConfigSources) {
  const { config } = readSettings(sources);
  const files = listBackupFiles(config.BACKUP_DIR);
  if (json) print(`${JSON.stringify(files, undefined, 2)}\n`);
  else if (files.length === 0) print(`There are no backups in ${config.BACKUP_DIR}.\n`);
  else for (const { name, bytes } of files) print(`${name}  ${inMegabytes(bytes)}\n`);
  return 0;
}

/** A file, or one of ours by its name alone. */
export function backupNamed(given: string, sources: ConfigSources): string {
  const path = resolve(given);
  if (existsSync(path) || given.includes('/')) return path;
  const own = join(readSettings(sources).config.BACKUP_DIR, given);
  return existsSync(own) ? own : path;
}
