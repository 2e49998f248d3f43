import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';
import { scopes } from './plan-install.ts';

const McpOptions = z.object({
  name: z.string(),
  scope: z.string(),
  bot: z.string().optional(),
  url: z.string().optional(),
  replace: z.boolean().default(false),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Its values are completed, and told when another is given. */
const scopeOption = (words: string): Option =>
  new Option('--scope <scope>', words).choices(scopes).default('user');

/** Add `mcp …` to the program. */
export function describeMcpCommands(program: Command, act: Act, sources: ConfigSources): void {
  const mcp = program
    .command('mcp')
    .description('serve the Model Context Protocol on stdin and stdout, for Claude Code and others')
    .helpCommand(false)
    .addHelpText('after', afterMcpHelp)
    .action(
      act(async () => {
        const { serveMcpCommand } = await import('./mcp-command.ts');
        return serveMcpCommand(sources.processEnvironment);
      }),
    );
  mcp
    .command('install')
    .description("write it into Claude Code's configuration; what is run is shown first")
    .addOption(scopeOption('user, project or local, as of `claude mcp add`'))
    .option('--name <name>', 'what it is called there', 'mini-claude-bot')
    .option('--bot <id>', 'the bot that it speaks for (default: MCB_BOT_ID)')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--replace', 'take an entry of that name out first')
    .option('--yes', 'do not ask')
    .option('--json', 'print what is run, and what came of it, as JSON; asks nothing')
    .action(
      act(async (options) => {
        const { installCommand } = await import('./install-command.ts');
        return installCommand(McpOptions.parse(options), sources);
      }),
    );
  mcp
    .command('uninstall')
    .description('take it out again')
    .addOption(scopeOption('user, project or local'))
    .option('--name <name>', 'what it is called there', 'mini-claude-bot')
    .option('--yes', 'do not ask')
    .option('--json', 'print what is run, and what came of it, as JSON; asks nothing')
    .action(
      act(async (options) => {
        const { uninstallCommand } = await import('./install-command.ts');
        return uninstallCommand(McpOptions.parse(options), sources);
      }),
    );
}

const afterMcpHelp = `
Programs start it; a person would see nothing but the protocol. It reads its environment, and no .env:
MCB_API_BASE, MCB_BOT_ID, MCB_TOKEN, MCB_MCP_TIMEOUT, MCB_GATEWAY_TIMEOUT.

  mini-claude-bot mcp install --bot hero      write it into Claude Code's configuration
  claude mcp add mini-claude-bot -- npx mini-claude-bot mcp     the same by hand`;
