import { parseSchedule } from '../cron/schedule/schedule.ts';
import { choice, path, text, wholeNumber } from './variable-kinds.ts';

/** Backups, and what `/health` looks at. */
export const operatingVariables = {
  BACKUP_DIR: {
    ...path('Where backups are kept.'),
    default: '~/.mini-claude-bot/backups',
  },
  BACKUP_SCHEDULE: {
    ...text('When the gateway makes a backup by itself; unset: never.'),
    parse: text('').parse.refine(
      (expression) => parseSchedule(expression, 'UTC').kind === 'schedule',
    ),
    form: 'a cron expression such as 0 3 * * *',
  },
  BACKUP_KEEP: {
    ...wholeNumber(1, 10_000, 'Backups that are kept; older ones are removed when one is made.'),
    default: '7',
  },
  BACKUP_WORK: {
    ...choice(
      ['off', 'on'],
      "Whether the chats' working directories and archived harnesses are backed up too.",
    ),
    default: 'off',
  },
  HEALTH_MIN_DISK_MB: {
    ...wholeNumber(
      0,
      1_000_000_000,
      'Less free disk than that, in megabytes, is trouble that `/health` tells; on a small disk, less than a twentieth.',
    ),
    default: '200',
  },
} as const;
