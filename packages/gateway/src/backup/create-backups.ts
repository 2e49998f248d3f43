import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { GatewayActions } from '../cron/gateway-executor.ts';
import type { OwnJob } from '../cron/own-jobs.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { version } from '../host/version.ts';
import { backupPlaces } from './backup-places.ts';
import { backUpAside } from './backup-thread.ts';
import { Backups } from './backups.ts';
import { configLines } from './config-lines.ts';

/** What backups are made from. */
export interface BackupSources {
  readonly config: Config;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Backups as they are asked for, and made by schedule. */
export interface BackupApp {
  readonly backups: Backups;
  readonly backupActions: GatewayActions;
  readonly backupJobs: readonly OwnJob[];
}

/** The part of the composition root that is about backups. */
export function createBackups({ config, environment, clock, logger }: BackupSources): BackupApp {
  const backups = new Backups({
    directory: config.BACKUP_DIR,
    keep: config.BACKUP_KEEP,
    work: config.BACKUP_WORK === 'on',
    order: {
      places: backupPlaces(config, environment),
      config: configLines(environment),
      program: version,
    },
    make: backUpAside,
    clock,
    logger,
  });
  const expression = config.BACKUP_SCHEDULE;
  return {
    backups,
    backupActions: { backup: () => backups.run() },
    backupJobs:
      expression === undefined
        ? []
        : [{ command: 'backup', name: 'Back up', cron_expression: expression }],
  };
}
