import { statSync } from 'node:fs';
import type { Environment } from '../../../config/read-environment.ts';
import { type ConfigSources, readSources } from '../../settings.ts';
import { checkConfiguration } from '../check-configuration.ts';
import { databaseHolder } from '../check-database.ts';
import type { Finding } from '../finding.ts';
import { checkCallers } from './check-callers.ts';
import { checkClaudeRights } from './check-claude-rights.ts';
import { checkPlaces } from './check-places.ts';
import { checkPrivate } from './check-private.ts';
import { privatePaths } from './private-paths.ts';

/** Look for what endangers this installation. Leaves everything as it was. */
export async function examineSecurity(sources: ConfigSources): Promise<Finding[]> {
  const environment: Environment = readSources(sources);
  const { config } = checkConfiguration(environment);
  const user = gatewayUser(databaseHolder(config.DATABASE_PATH));
  return [
    ...checkCallers(config, environment),
    ...(await checkClaudeRights(config, environment, user)),
    ...checkPrivate(privatePaths(config, environment, sources.envFile), user),
    ...checkPlaces(config, sources.envFile, user),
  ];
}

/** Of the gateway that runs, or of the one that would be started here. */
function gatewayUser(holder: string | undefined): number {
  const running =
    holder === undefined ? undefined : statSync(`/proc/${holder}`, { throwIfNoEntry: false });
  return running?.uid ?? process.getuid?.() ?? -1;
}
