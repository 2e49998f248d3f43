import { BackupError } from '../../backup/backup-error.ts';
import { backupPlaces } from '../../backup/backup-places.ts';
import { type RestoreReport, restoreBackup } from '../../backup/restore-backup.ts';
import { DatabaseError } from '../../db/database.ts';
import { printableLine } from '../chat/printable-text.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { backupNamed } from './backup-command.ts';
import { inMegabytes } from './size-text.ts';

/** What `mini-claude-bot restore` was asked. */
export interface RestoreAsked {
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Restore a backup, or only check it. @returns exit code */
export async function restoreHere(
  given: string,
  { dryRun, json }: RestoreAsked,
  sources: ConfigSources,
): Promise<number> {
  const { config, environment } = readSettings(sources);
  try {
    const report = await restoreBackup({
      file: backupNamed(given, sources),
      places: backupPlaces(config, environment),
      envFile: sources.envFile,
      dryRun,
      nowMs: Date.now(),
    });
    const text = json ? `${JSON.stringify(report, undefined, 2)}\n` : inWords(report);
    process.stdout.write(text);
    return 0;
  } catch (error) {
    if (error instanceof BackupError || error instanceof DatabaseError)
      throw new UserFault(error.message);
    throw error;
  }
}

function inWords(report: RestoreReport): string {
  const { rows, restored, made_at, program, aside, config } = report;
  const lines = [
    `${restored ? 'Restored' : 'This backup is whole'}: of ${made_at}, made by version ${program}.`,
    `  ${report.files} files, ${inMegabytes(report.bytes)}: ${rows.messages} messages, ${rows.memories} memories, ` +
      `${rows.jobs} jobs${report.work ? ', and working directories' : ''}`,
    ...waiting(report),
    ...keyLines(report),
    ...report.left_out.map((why) => `  was left out when it was made: ${why}`),
    ...aside.map((path) => `  what was there is kept in ${path}`),
    ...(config === null
      ? []
      : [`  its configuration is in ${config}; secrets are to be set again`]),
    restored ? 'Start the gateway: mini-claude-bot start' : 'Nothing was written.',
  ];
  return `${lines.map((line) => printableLine(line)).join('\n')}\n`;
}

function waiting({ rows: { waiting_turns, waiting_deliveries } }: RestoreReport): string[] {
  if (waiting_turns + waiting_deliveries === 0) return [];
  return [
    `  when it was made, ${waiting_turns} turns and ${waiting_deliveries} deliveries were under way: they go on ` +
      'at the next start, also where they came to their end since',
  ];
}

function keyLines({ rows: { tokens }, key }: RestoreReport): string[] {
  if (tokens === 0) return [];
  const words = {
    restored: 'their key is in the backup',
    kept: 'the key file here is kept; if it is not the one of then, bots must send their tokens again',
    missing: 'their key is not in it: bots must send their tokens again, or put the key file back',
  };
  return [`  the Telegram tokens of ${tokens} bots are in it, sealed; ${words[key]}`];
}
