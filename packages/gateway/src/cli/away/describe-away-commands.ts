import type { Command } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const AwayOptions = z.object({
  bot: z.string().optional(),
  chat: z.string().optional(),
  limit: z.string().default('20'),
  url: z.string().optional(),
  json: z.boolean().default(false),
});

/** Add `away …` to the program. */
export function describeAwayCommands(program: Command, act: Act, sources: ConfigSources): void {
  const away = program
    .command('away')
    .description('the work on issues while their owner is away')
    .helpCommand(false);
  away
    .command('status')
    .description('list it, newest first')
    .option('--bot <id>', 'only of this bot')
    .option('--chat <id>', 'only of this chat')
    .option('--limit <number>', 'at most so many', '20')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--json', 'print it as JSON')
    .action(
      act(async (options) => {
        const { awayStatus } = await import('./away-command.ts');
        return awayStatus(AwayOptions.parse(options), sources);
      }),
    );
  away
    .command('stop')
    .description('end the work on one issue now; what there is of it is kept on its branch')
    .argument('<id>', 'as `away status` shows it')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--json', 'print what became of it as JSON')
    .action(async (id: string, options: unknown, command: Command) => {
      const { stopIssue } = await import('./away-command.ts');
      const asked = AwayOptions.parse(options);
      await act(() => stopIssue(id, asked, sources))(options, command);
    });
}
