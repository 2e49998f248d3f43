import type { Command } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const BackupOptions = z.object({
  output: z.string().optional(),
  work: z.boolean().optional(),
  withKey: z.boolean().default(false),
  json: z.boolean().default(false),
});
const ListOptions = BackupOptions.pick({ json: true });
const RestoreOptions = z.object({
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Add `backup` and `restore` to the program. */
export function describeBackupCommands(program: Command, act: Act, sources: ConfigSources): void {
  const backup = program
    .command('backup')
    .description('put everything into one file, also while the gateway runs')
    .helpCommand(false)
    .option('-o, --output <file>', 'write that file, and remove no others')
    .option('--work', "with the chats' working directories (default: BACKUP_WORK)")
    .option('--no-work', 'without them')
    .option(
      '--with-key',
      "with the key of the bots' tokens: keep such a file as safe as a password",
    )
    .option('--json', 'print what was made as JSON')
    .addHelpText('after', afterBackupHelp)
    .action(
      act(async (options) => {
        const { makeBackupHere } = await import('./backup-command.ts');
        return makeBackupHere(BackupOptions.parse(options), sources);
      }),
    );
  backup
    .command('list')
    .description('list the backups in BACKUP_DIR, newest first')
    .option('--json', 'print them as JSON')
    .action(async (_options: unknown, command: Command) => {
      const { listBackups } = await import('./backup-command.ts');
      const options = ListOptions.parse(command.optsWithGlobals());
      await act(async () => listBackups(options, sources))(options, command);
    });

  program
    .command('restore')
    .description('put a backup in the place of what is there, which is kept aside')
    .argument('<file>', 'the backup, or its name in BACKUP_DIR')
    .option('--dry-run', 'check it, and say what would be done')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', afterRestoreHelp)
    .action(async (file: string, options: unknown, command: Command) => {
      const { restoreHere } = await import('./restore-command.ts');
      const asked = RestoreOptions.parse(options);
      await act(() => restoreHere(file, asked, sources))(options, command);
    });
}

const afterBackupHelp = `
In it: the database, the transcripts of its conversations, the configuration without its secrets, and where asked
for the chats' working directories. Without -o it goes into BACKUP_DIR, where BACKUP_KEEP of them are kept.

  mini-claude-bot backup
  mini-claude-bot backup --work -o /media/usb/gateway.tar.gz
  mini-claude-bot backup list`;

const afterRestoreHelp = `
The whole file is checked before anything is written. Stop the gateway first.

  mini-claude-bot restore mini-claude-bot-20260131T030000.000Z.tar.gz --dry-run`;
