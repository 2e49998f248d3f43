import { statSync } from 'node:fs';
import type { Environment } from '../../../config/read-environment.ts';
import { type ConfigSources, readSources } from '../../settings.ts';
import { checkConfiguration } from '../check-configuration.ts';
import { databaseHolder } from '../check-database.ts';
import { type Finding, ok, warning } from '../finding.ts';
import { checkCallers } from './check-callers.ts';
import { checkClaudeRights } from './check-claude-rights.ts';
import { checkPlaces } from './check-places.ts';
import { checkPrivate } from './check-private.ts';
import { privatePaths } from './private-paths.ts';
import { runningSources } from './running-sources.ts';

/**
 * Look for what endangers this installation: as the gateway that runs was configured, and where none runs,
 * as one would be that is started here. Leaves everything as it was.
 * @param now Unix milliseconds
 */
export async function examineSecurity(given: ConfigSources, now: number): Promise<Finding[]> {
  const { DATABASE_PATH } = checkConfiguration(readSources(given)).config;
  const holder = databaseHolder(DATABASE_PATH);
  const running = holder === undefined ? undefined : runningSources(holder);
  const sources = running ?? given;
  const environment: Environment = readSources(sources);
  const { config } = checkConfiguration(environment);
  const user = gatewayUser(holder);
  return [
    ...(holder === undefined ? [] : [whatWasRead(holder, running)]),
    ...checkCallers(config, environment, now),
    ...(await checkClaudeRights(config, environment, user)),
    ...checkPrivate(privatePaths(config, environment, sources.envFile), user),
    ...checkPlaces(config, sources.envFile, user),
  ];
}

const whatWasRead = (holder: string, running: ConfigSources | undefined): Finding =>
  running === undefined
    ? warning(
        'configuration',
        `How the gateway that runs (process ${holder}) was configured can't be seen from here; this is how one ` +
          'would be that is started here.',
        'Run this as the user of the gateway, in the directory that it was started in.',
      )
    : ok(
        'configuration',
        `Read as the gateway that runs does (process ${holder}), with ${running.envFile} as it is now.`,
      );

/** Of the gateway that runs, or of the one that would be started here. */
function gatewayUser(holder: string | undefined): number {
  const running =
    holder === undefined ? undefined : statSync(`/proc/${holder}`, { throwIfNoEntry: false });
  return running?.uid ?? process.getuid?.() ?? -1;
}
