import type { Command } from 'commander';
import { z } from 'zod';
import type { ConfigSources } from '../settings.ts';

const Options = z.object({
  url: z.string().optional(),
  json: z.boolean().default(false),
});

/** Add `metrics …` to the program. @param ended told the exit code */
export function describeMetricsCommands(
  program: Command,
  sources: ConfigSources,
  ended: (code: number) => void,
): void {
  const metrics = program
    .command('metrics')
    .description('see how the machine, the gateway and Claude are, and send it to the dashboard')
    .helpCommand(false);
  metrics
    .command('show')
    .description('print the metrics, which is JSON in any case')
    .option('--json', 'the same')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .action(async (options: unknown) => {
      const { showMetrics } = await import('./metrics-command.ts');
      ended(await showMetrics(Options.parse(options).url, sources));
    });
  metrics
    .command('push')
    .description('send what is public of them to DASHBOARD_PUSH_URL, now')
    .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
    .option('--json', 'print what became of it as JSON')
    .action(async (options: unknown) => {
      const { pushMetrics } = await import('./metrics-command.ts');
      ended(await pushMetrics(Options.parse(options), sources));
    });
}
