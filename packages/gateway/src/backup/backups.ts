import { basename, join } from 'node:path';
import { GatewayError } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { BackupError } from './backup-error.ts';
import {
  type BackupFile,
  backupName,
  listBackupFiles,
  pruneBackups,
  removePartials,
} from './backup-files.ts';
import type { BackupOrder, MadeBackup } from './make-backup.ts';

/** What backups are made with. */
export interface BackupsParts {
  readonly directory: string;
  /** How many are kept. */
  readonly keep: number;
  /** Whether working directories are in them where nobody says. */
  readonly work: boolean;
  readonly order: Pick<BackupOrder, 'places' | 'config' | 'program'>;
  readonly make: (order: BackupOrder, signal: AbortSignal) => Promise<MadeBackup>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of it. */
export interface NewBackup extends BackupFile {
  readonly files: number;
  readonly left_out: string[];
  /** Names of those that were too many. */
  readonly removed: string[];
}

/** The backups of a gateway: one is made at a time, and the newest are kept. */
export class Backups {
  readonly #parts: BackupsParts;
  readonly #ended = new AbortController();
  #making: Promise<unknown> | undefined;

  constructor(parts: BackupsParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  list(): BackupFile[] {
    return listBackupFiles(this.#parts.directory);
  }

  /** @throws GatewayError `backup_failed`, or `conflict` while one is made */
  async make(work?: boolean): Promise<NewBackup> {
    if (this.#making !== undefined)
      throw new GatewayError('conflict', 'A backup is being made already.');
    const making = this.#make(work ?? this.#parts.work);
    this.#making = making.catch(() => {});
    try {
      return await making;
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      throw new GatewayError('backup_failed', error.message, { cause: error });
    } finally {
      this.#making = undefined;
    }
  }

  /** As a job has it. */
  async run(): Promise<{ done: boolean; detail: string }> {
    const { path, bytes, files, left_out, removed } = await this.make();
    const without = left_out.length === 0 ? '' : ` ${left_out.length} files could not be taken.`;
    const gone = removed.length === 0 ? '' : ` ${removed.length} older ones were removed.`;
    const size = (bytes / 1_000_000).toFixed(1);
    return { done: true, detail: `${path}: ${files} files, ${size} MB.${without}${gone}` };
  }

  /** End what is being made. */
  async close(): Promise<void> {
    this.#ended.abort();
    if (this.#making === undefined) return;
    await this.#making;
    removePartials(this.#parts.directory);
  }

  async #make(work: boolean): Promise<NewBackup> {
    const { directory, keep, order, make, clock, logger } = this.#parts;
    const nowMs = clock.now();
    try {
      removePartials(directory);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new BackupError(`The directory of backups (BACKUP_DIR) can't be used: ${words}`);
    }
    const target = join(directory, backupName(nowMs));
    const made = await make({ ...order, target, work, key: false, nowMs }, this.#ended.signal);
    const removed = pruneBackups(directory, keep).map(({ name }) => name);
    const { path, bytes, files, left_out } = made;
    logger.info({ path, bytes, files, left_out: left_out.length }, 'a backup was made');
    const made_at = new Date(nowMs).toISOString();
    return { name: basename(path), path, made_at, bytes, files, left_out: [...left_out], removed };
  }
}
