import { operations } from '@mini-claude-bot/contract';
import type { Backups } from '../backup/backups.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of backups call. */
export interface BackupRouteParts {
  readonly backups: Backups;
}

export function bindBackupRoutes(binder: OperationBinder, { backups }: BackupRouteParts): void {
  binder.bind(operations.listBackups, () => backups.list());

  binder.bind(operations.makeBackup, ({ work }) => backups.make(work));
}
