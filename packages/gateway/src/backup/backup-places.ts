import { join } from 'node:path';
import { claudeConfigDirectory } from '@mini-claude-bot/claude';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import { realDatabasePath } from '../db/hold-database.ts';
import type { BackupPlaces } from './make-backup.ts';

/** Where a gateway of this configuration keeps what is backed up. */
export const backupPlaces = (config: Config, environment: Environment): BackupPlaces => ({
  database: realDatabasePath(config.DATABASE_PATH),
  sessions: config.GATEWAY_SESSION_DIR,
  archives: config.GATEWAY_ARCHIVE_DIR,
  reports: config.REPORTS_CONFIG_DIR,
  projects: join(claudeConfigDirectory(environment), 'projects'),
});
