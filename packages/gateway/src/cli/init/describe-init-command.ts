import type { Command } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const Options = z.object({
  set: z.array(z.string()).default([]),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Add `init` to the program. */
export function describeInitCommand(program: Command, act: Act, sources: ConfigSources): void {
  program
    .command('init')
    .description('answer a few questions, and have .env written; what stands there stays')
    .option(
      '--set <name=value>',
      'a variable, without being asked; "-" for the value takes it from the input',
      (text: string, before: string[] | undefined) => [...(before ?? []), text],
    )
    .option('--yes', 'ask nothing: what is not set gets its default')
    .option('--json', 'print what was written as JSON; asks nothing')
    .action(
      act(async (options) => {
        const { initCommand } = await import('./init-command.ts');
        return initCommand(Options.parse(options), sources);
      }),
    );
}
