import { DeliveryState } from '@mini-claude-bot/contract';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const OutboxListOptions = z.object({
  bot: z.string().optional(),
  chat: z.string().optional(),
  state: z.string().optional(),
  channel: z.string().optional(),
  limit: z.string(),
  url: z.string().optional(),
  json: z.boolean().default(false),
});
const OutboxRetryOptions = OutboxListOptions.pick({ url: true, json: true });
/** Add `outbox …` to the program. */
export function describeOutboxCommands(program: Command, act: Act, sources: ConfigSources): void {
  const outbox = program
    .command('outbox')
    .description('see what is to be told to chats and by mail, and what could not be')
    .helpCommand(false);
  outbox
    .command('list')
    .description('list deliveries, newest first')
    .option('--bot <id>', 'only of this bot')
    .option('--chat <id>', 'only to this chat')
    .addOption(new Option('--state <state>', 'only such ones').choices(DeliveryState.options))
    .option('--channel <channel>', 'only by telegram, or by mail')
    .option('--limit <number>', 'at most so many', '20')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--json', 'print them as JSON')
    .action(
      act(async (options) => {
        const { listDeliveries } = await import('./outbox-command.ts');
        return listDeliveries(OutboxListOptions.parse(options), sources);
      }),
    );
  outbox
    .command('retry')
    .description('take dead deliveries up again, or try waiting ones at once')
    .argument('<ids...>', 'of the deliveries, as `outbox list` shows them')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--json', 'print what became of it as JSON')
    .action(async (ids: string[], options: unknown, command: Command) => {
      const { retryDeliveries } = await import('./outbox-command.ts');
      const asked = OutboxRetryOptions.parse(options);
      await act(() => retryDeliveries(ids, asked, sources))(options, command);
    });
}
