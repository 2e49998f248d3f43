import type { Command } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const TokenOptions = z.object({
  bot: z.string().optional(),
  expires: z.string().optional(),
  stdin: z.boolean().default(false),
  json: z.boolean().default(false),
});
/** Add `token …` to the program. */
export function describeTokenCommands(program: Command, act: Act, sources: ConfigSources): void {
  const token = program
    .command('token')
    .description('say who may call: make, list and revoke tokens')
    .addHelpText('after', afterTokenHelp);

  token
    .command('create')
    .description('make a token, and show it this once')
    .argument('<name>', 'what it is called')
    .option('--bot <id>', 'for this bot alone (default: for all, as their owner)')
    .option('--expires <time>', 'how long it is valid: 90m, 12h, 30d or 4w (default: for ever)')
    .option('--stdin', 'take the token from the input instead of making one up')
    .option('--json', 'print it with all that belongs to it as JSON')
    .action(async (name: string, options: unknown, command: Command) => {
      const { createCommand } = await import('./token-command.ts');
      const chosen = TokenOptions.parse(options);
      await act(() => createCommand({ name, ...chosen }, sources))(options, command);
    });

  token
    .command('list')
    .description('list the tokens, newest first')
    .option('--json', 'print them as JSON')
    .action(
      act(async (options) => {
        const { listCommand } = await import('./token-command.ts');
        return listCommand(TokenOptions.parse(options).json, sources);
      }),
    );

  token
    .command('revoke')
    .description('revoke a token: it is refused from here on, and what is open with it is closed')
    .argument('<name>', 'what it is called')
    .option('--json', 'print what was revoked as JSON')
    .action(async (name: string, options: unknown, command: Command) => {
      const { revokeCommand } = await import('./token-command.ts');
      const { json } = TokenOptions.parse(options);
      await act(() => revokeCommand(name, json, sources))(options, command);
    });
}

const afterTokenHelp = `
The gateway may run or not: it must be of the same configuration (DATABASE_PATH). The token goes to stdout,
and what is said about it to stderr:

  mini-claude-bot token create hero --bot hero > hero.token
  openssl rand -hex 32 | mini-claude-bot token create hero --stdin`;
