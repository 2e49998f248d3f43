import type { Command } from 'commander';
import { z } from 'zod';
import type { Act } from '../act.ts';
import type { ConfigSources } from '../settings.ts';

const Json = z.object({ json: z.boolean().default(false) });
const InstallOptions = Json.extend({
  dryRun: z.boolean().default(false),
  start: z.boolean().default(true),
  memoryMax: z.string(),
});
const LogOptions = z.object({ lines: z.string(), follow: z.boolean().default(false) });
const WatchOptions = Json.extend({ restart: z.boolean().default(false) });

/** Add `service …` to the program. */
export function describeServiceCommands(program: Command, act: Act, sources: ConfigSources): void {
  const service = program
    .command('service')
    .description('have the system run the gateway: systemd, or launchd on macOS')
    .helpCommand(false);
  service
    .command('install')
    .description('run it from now on, with the .env file of this directory')
    .option('--memory-max <limit>', "most memory with Claude's processes: 80%, 900M, 4G", '80%')
    .option('--no-start', 'write the files only')
    .option('--dry-run', 'show the files, and write nothing')
    .option('--json', 'print what was done as JSON')
    .action(
      act(async (options) => {
        const { installService } = await import('./service-command.ts');
        return installService(InstallOptions.parse(options), sources);
      }),
    );
  service
    .command('status')
    .description('how the service is, and the gateway')
    .option('--json', 'print it as JSON')
    .action(
      act(async (options) => {
        const { serviceStatus } = await import('./service-command.ts');
        return serviceStatus(Json.parse(options), sources);
      }),
    );
  service
    .command('logs')
    .description('show what it said last')
    .option('-n, --lines <number>', 'so many lines', '100')
    .option('-f, --follow', 'go on with what comes')
    .action(
      act(async (options) => {
        const { serviceLogs } = await import('./service-command.ts');
        return serviceLogs(LogOptions.parse(options), sources);
      }),
    );
  service
    .command('watch')
    .description('ask the gateway once whether it is well')
    .option('--restart', 'start the service again where it is stuck, as the watchdog does')
    .option('--json', 'print the answer as JSON')
    .action(
      act(async (options) => {
        const { watchService } = await import('./service-command.ts');
        return watchService(WatchOptions.parse(options), sources);
      }),
    );
  service
    .command('uninstall')
    .description('stop it, and remove its files; nothing else is removed')
    .option('--json', 'print what was removed as JSON')
    .action(
      act(async (options) => {
        const { uninstallService } = await import('./service-command.ts');
        return uninstallService(Json.parse(options), sources);
      }),
    );
}
