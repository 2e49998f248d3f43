import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { version } from '../host/version.ts';
import type { Act } from './act.ts';
import { describeAwayCommands } from './away/describe-away-commands.ts';
import { describeCronCommands } from './cron/describe-cron-commands.ts';
import { describeMcpCommands } from './mcp/describe-mcp-commands.ts';
import { describeMetricsCommands } from './metrics/describe-metrics-commands.ts';
import { describeOutboxCommands } from './outbox/describe-outbox-commands.ts';
import { type ConfigSources, readSources } from './settings.ts';
import { describeTokenCommands } from './token/describe-token-commands.ts';
import { UserFault } from './user-fault.ts';

const OpenOptions = z.object({
  url: z.string().optional(),
  print: z.boolean().default(false),
  json: z.boolean().default(false),
});
const ChatOptions = z.object({
  bot: z.string().optional(),
  url: z.string().optional(),
  thinking: z.boolean().optional(),
  stream: z.boolean().default(false),
});
const DoctorOptions = z.object({
  json: z.boolean().default(false),
  security: z.boolean().default(false),
});
const AuditOptions = z.object({
  json: z.boolean().default(false),
  limit: z.string(),
  before: z.string().optional(),
  bot: z.string().optional(),
  deleteBefore: z.string().optional(),
});
/**
 * Run one command of `mini-claude-bot`.
 * @param words of the command line, without the program
 * @returns the exit code: 0 done, 1 it could not be done, 2 wrongly asked or configured, 130 interrupted
 */
export async function runCommandLine(
  words: readonly string[],
  sources: ConfigSources,
): Promise<number> {
  let exitCode = 0;
  const act: Act = (action) => async (options, command) => {
    exitCode = await action(options, command.args);
  };
  try {
    const program = describeProgram(act, sources);
    const ended = (code: number): void => {
      exitCode = code;
    };
    describeCronCommands(program, sources, ended);
    describeMetricsCommands(program, sources, ended);
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserFault) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  throw error;
}

// Each command loads its parts when it runs: a chat needs no server, and should not wait for one to load.
function describeProgram(act: Act, sources: ConfigSources): Command {
  const program = new Command('mini-claude-bot')
    .description('The gateway that turns Claude Code into an always-on assistant for chats.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('Run "mini-claude-bot --help" to see what there is.')
    .exitOverride()
    .addHelpText('after', afterHelp);

  program
    .command('start')
    .description('run the gateway until Ctrl-C (the same as: npm start)')
    .action(
      act(async () => {
        readSources(sources);
        const { serve } = await import('./serve.ts');
        return serve(sources.processEnvironment, sources.envFile);
      }),
    );

  program
    .command('chat')
    .description('talk to a chat from the terminal')
    .argument('[chat-id]', 'the chat; a new one begins with its first message', 'terminal')
    .option('--bot <id>', 'the bot that the chat belongs to (default: MCB_BOT_ID)')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--thinking', 'show what Claude thinks (default in a terminal)')
    .option('--no-thinking', "don't show what Claude thinks")
    .option('--stream', 'write text as it comes, also into a file or a pipe')
    .addHelpText('after', afterChatHelp)
    .action(async (chatId: string, options: unknown, command: Command) => {
      const { chatCommand } = await import('./chat/chat-command.ts');
      const chosen = ChatOptions.parse(options);
      await act(() => chatCommand({ chatId, ...chosen }, sources))(options, command);
    });

  program
    .command('open')
    .description('open the page in a browser, signed in')
    .option('--print', 'print the address instead, to be opened elsewhere')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--json', 'print the address as JSON, and open nothing')
    .addHelpText('after', '\nWhere a token is needed, the link signs in once, within 5 minutes.')
    .action(
      act(async (options) => {
        const { openCommand } = await import('./open/open-command.ts');
        return openCommand(OpenOptions.parse(options), sources);
      }),
    );

  describeOutboxCommands(program, act, sources);
  describeMcpCommands(program, act, sources);
  describeAwayCommands(program, act, sources);

  program
    .command('doctor')
    .description('check this machine: what is ready, what is not, and how to mend it')
    .option('--json', 'print the findings as JSON')
    .option(
      '--security',
      'check instead who could get at this installation, and what Claude may do',
    )
    .addHelpText('after', '\nExits with 1 when there is a problem; warnings are none.')
    .action(
      act(async (options) => {
        const { doctorCommand } = await import('./doctor/doctor-command.ts');
        return doctorCommand(DoctorOptions.parse(options), sources);
      }),
    );

  program
    .command('audit')
    .description('show who ran commands, deleted, or changed access: newest last')
    .option('--json', 'print the entries as JSON, newest first')
    .option('--limit <n>', 'how many', '50')
    .option('--before <id>', 'only older ones than the entry with this id')
    .option('--bot <id>', 'only what concerned this bot')
    .option(
      '--delete-before <date>',
      'delete what is older (2026-01-31), and enter that it was done',
    )
    .action(
      act(async (options) => {
        const { auditCommand } = await import('./audit/audit-command.ts');
        return auditCommand(AuditOptions.parse(options), sources);
      }),
    );

  program
    .command('login')
    .description('log Claude Code in, in this terminal')
    .argument('[options...]', 'handed on to "claude auth login", such as --console')
    .allowUnknownOption()
    .action(async (given: string[], options: unknown, command: Command) => {
      const { loginCommand } = await import('./login.ts');
      await act(() => loginCommand(given, sources))(options, command);
    });

  describeTokenCommands(program, act, sources);

  program
    .command('demo')
    .description('try everything without an account and without the internet')
    .addHelpText('after', '\nListens on PORT (8000), keeps nothing, and ends with Ctrl-C.')
    .action(
      act(async () => {
        const { runDemo } = await import('../demo/run-demo.ts');
        return runDemo(sources.processEnvironment);
      }),
    );
  return program;
}

const afterHelp = `
Examples:
  mini-claude-bot doctor                 is this machine ready?
  mini-claude-bot login                  log Claude in
  mini-claude-bot start                  run the gateway
  mini-claude-bot open                   see it in a browser
  mini-claude-bot chat                   talk to it, from another terminal
  echo "Hello" | mini-claude-bot chat    ask one thing
  mini-claude-bot token create hero      let a bot call from elsewhere
  mini-claude-bot outbox list            what is to be told to chats
  mini-claude-bot cron list              what runs by itself, and when
  mini-claude-bot away status            how far the work on issues is
  mini-claude-bot metrics push           send figures to the dashboard
  mini-claude-bot mcp install            let Claude Code use it
  mini-claude-bot demo                   try it all without an account

Every variable of .env.example is read from the environment, or from .env in the present directory.
Exit codes: 0 done, 1 it could not be done, 2 wrongly asked or configured, 130 interrupted.`;

const afterChatHelp = `
In a terminal each line is a message, and lines pasted together are one. Ctrl-C stops an answer, and a second
Ctrl-C leaves; /quit or Ctrl-D leaves too. With piped input all of it is one message:

  mini-claude-bot chat family
  echo "What is on today?" | mini-claude-bot chat family
  mini-claude-bot chat family < letter.txt > answer.txt

The reply goes to stdout; thinking, tools and other remarks go to stderr. Where stdout is no terminal the reply
is written once it is complete, since Claude may take back what it has begun to say (--stream: as it comes).`;
