import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { ConfigSources } from '../settings.ts';
import type { CronRequest } from './cron-command.ts';

const Common = z.object({
  bot: z.string().optional(),
  url: z.string().optional(),
  json: z.boolean().default(false),
});
const notifyOn = ['always', 'failure', 'change'] as const;
const AddOptions = Common.extend({
  claude: z.boolean().default(false),
  gateway: z.boolean().default(false),
  timezone: z.string().optional(),
  notify: z.string().optional(),
  on: z.enum(notifyOn),
});
const HistoryOptions = Common.extend({
  limit: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(500)),
});

type Ended = (code: number) => void;

/** Add `cron …` to the program. @param ended told the exit code */
export function describeCronCommands(program: Command, sources: ConfigSources, ended: Ended): void {
  const cron = program.command('cron').description('jobs that run by themselves');
  const perform = async (request: CronRequest, options: unknown): Promise<void> => {
    const { cronCommand } = await import('./cron-command.ts');
    ended(await cronCommand(request, Common.parse(options), sources));
  };
  const command = (name: string, description: string): Command =>
    cron
      .command(name)
      .description(description)
      .option('--bot <id>', 'the bot whose jobs they are (default: MCB_BOT_ID)')
      .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
      .option('--json', 'print JSON');

  command('list', 'the jobs of a bot').action((options: unknown) =>
    perform({ kind: 'list' }, options),
  );

  command('add', 'make a job')
    .argument('<name>', 'what it is called')
    .argument(
      '<times>',
      'a cron expression, such as "30 9 * * 1-5", @daily, or "@at 2026-12-24T18:00"',
    )
    .argument('<command...>', 'what the shell runs, or with --claude what Claude is told')
    .option('--claude', 'tell it to Claude')
    .addOption(
      new Option('--gateway', 'the gateway does it itself: metrics push').conflicts('claude'),
    )
    .option('--timezone <name>', 'such as Europe/Berlin (default: that of the gateway)')
    .option('--notify <chat>', 'the chat that is told results')
    .addOption(new Option('--on <which>', 'which results').choices(notifyOn).default('always'))
    .action((name: string, expression: string, words: string[], options: unknown) => {
      const { claude, gateway, timezone, notify, on } = AddOptions.parse(options);
      const line = words.join(' ');
      return perform(
        { kind: 'add', name, expression, command: line, claude, gateway, timezone, notify, on },
        options,
      );
    });

  for (const [kind, description] of [
    ['run', 'run a job now, and print its result; exits with 1 when it failed'],
    ['pause', 'let a job wait until it is resumed'],
    ['resume', 'let a job run by itself again'],
    ['remove', 'delete a job with its history; what runs of it is ended'],
  ] as const) {
    command(kind, description)
      .argument('<id>', 'its number')
      .action((id: string, options: unknown) => perform({ kind, id }, options));
  }

  command('history', 'the runs of a job, newest first')
    .argument('<id>', 'its number')
    .option('--limit <n>', 'how many', '20')
    .action((id: string, options: unknown, self: Command) => {
      const parsed = HistoryOptions.safeParse(options);
      if (!parsed.success) self.error('error: --limit takes a whole number from 1 to 500');
      return perform({ kind: 'history', id, limit: HistoryOptions.parse(options).limit }, options);
    });
}
