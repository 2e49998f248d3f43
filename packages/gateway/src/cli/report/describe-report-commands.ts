import type { Command } from 'commander';
import { z } from 'zod';
import type { ConfigSources } from '../settings.ts';

const Common = z.object({ url: z.string().optional(), json: z.boolean().default(false) });
const NewOptions = z.object({ from: z.string(), json: z.boolean().default(false) });
const RunOptions = Common.extend({
  preview: z.boolean().default(false),
  send: z.boolean().default(true),
  date: z.string().optional(),
  wait: z.boolean().default(true),
});
const RunsOptions = Common.extend({ limit: z.string() });

/** Add `report …` to the program. @param ended told the exit code */
export function describeReportCommands(
  program: Command,
  sources: ConfigSources,
  ended: (code: number) => void,
): void {
  const report = program
    .command('report')
    .description('reports that Claude researches, and that go out by mail')
    .helpCommand(false);
  const command = (name: string, description: string): Command =>
    report
      .command(name)
      .description(description)
      .option('--url <address>', 'the gateway (default: MCB_API_BASE, else HOST and PORT)')
      .option('--json', 'print JSON');

  command(
    'list',
    'the reports that there are, when each is written, and what is wrong with their files',
  ).action(async (options: unknown) => {
    const { listReports } = await import('./report-command.ts');
    ended(await listReports(Common.parse(options), sources));
  });

  report
    .command('new')
    .description('make a report of your own, from a copy of another one')
    .argument('<name>', 'what it is called: small letters, digits and hyphens')
    .option('--from <name>', 'the report that is copied', 'daily-en')
    .option('--json', 'print JSON')
    .action(async (name: string, options: unknown) => {
      const { newReport } = await import('./new-report.ts');
      ended(await newReport(name, NewOptions.parse(options), sources));
    });

  command('run', 'have a report made now; exits with 1 when it could not be made')
    .argument('<name>', 'which one')
    .option('--preview', 'send it to those of REPORT_CC alone')
    .option('--no-send', 'send it to nobody')
    .option(
      '--date <day>',
      'the day that it is for, such as 2026-03-01 (default: today in its zone)',
    )
    .option('--no-wait', 'only begin it')
    .action(async (name: string, options: unknown) => {
      const { runReport } = await import('./report-command.ts');
      ended(await runReport(name, RunOptions.parse(options), sources));
    });

  command('runs', 'what was made, newest first')
    .argument('[name]', 'of this report only')
    .option('--limit <n>', 'how many', '20')
    .action(async (name: string | undefined, options: unknown) => {
      const { listRuns } = await import('./report-command.ts');
      ended(await listRuns(name, RunsOptions.parse(options), sources));
    });

  command('stop', 'stop a run that has not ended')
    .argument('<run-id>', 'which one')
    .action(async (id: string, options: unknown) => {
      const { stopRun } = await import('./report-command.ts');
      ended(await stopRun(id, Common.parse(options), sources));
    });
}
