import type { Command } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const Options = z.object({
  env: z.string().optional(),
  dryRun: z.boolean().default(false),
  undo: z.boolean().default(false),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Add `adopt` to the program. */
export function describeAdoptCommand(program: Command, act: Act, sources: ConfigSources): void {
  program
    .command('adopt')
    .description('take over an install of the old Python system; shows first what comes over')
    .argument('[place]', "the old install's directory, or its database")
    .option('--env <file>', 'its .env, where that is not in its directory')
    .option('--dry-run', 'show what would come over, and ask nothing')
    .option('--yes', 'do it without being asked')
    .option('--undo', 'take back what was taken over')
    .option('--json', 'print it as JSON; asks nothing')
    .addHelpText('after', afterHelp)
    .action(async (place: string | undefined, options: unknown, command: Command) => {
      const { adoptCommand, undoCommand } = await import('./adopt-command.ts');
      const asked = Options.parse(options);
      await act(() =>
        asked.undo ? undoCommand(place, asked, sources) : adoptCommand(place, asked, sources),
      )(options, command);
    });
}

const afterHelp = `
Nothing of the old install is changed. To be run in the directory that the new gateway is started in: its .env
gets the settings, and DATABASE_PATH says where the new database is. Stop the old system for it.

Examples:
  mini-claude-bot adopt ~/mini-claude-bot            look, then answer y to have it done
  mini-claude-bot adopt ~/mini-claude-bot --yes      have it done at once
  mini-claude-bot adopt /backup/mini-claude-bot.db --env /backup/env
  mini-claude-bot adopt --undo                       take it back`;
