import { chmodSync } from 'node:fs';
import { accessFault } from '../../access/require-token.ts';
import { type Config, ConfigError, loadConfig } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { variables } from '../../config/variables.ts';
import { type Finding, mendable, ok, problem, warning } from './finding.ts';

/** What the configuration is, bad values left out, and what is wrong with it. */
export interface CheckedConfiguration {
  readonly config: Config;
  readonly findings: readonly Finding[];
}

/** One finding for each bad value. The other checks go on with the defaults in their place. */
export function checkConfiguration(environment: Environment): CheckedConfiguration {
  const faults = new Map<string, string>();
  for (const name of Object.keys(variables)) {
    const fault = faultOf({ [name]: environment[name] });
    if (fault !== undefined) faults.set(name, fault);
  }
  const good = Object.entries(environment).filter(([name]) => !faults.has(name));
  const config = loadConfig(Object.fromEntries(good));
  const findings = [...faults].map(([name, fault]) =>
    problem('configuration', fault, `Correct ${name} in the environment or in .env, or remove it.`),
  );
  const closed = accessFault(config, Date.now());
  if (closed !== undefined) findings.push(problem('access', closed, needsToken));
  if (findings.length > 0) return { config, findings };
  return { config, findings: [ok('configuration', 'The configuration is valid.')] };
}

function faultOf(environment: Environment): string | undefined {
  try {
    loadConfig(environment);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const needsToken = 'mini-claude-bot token create NAME, or remove HOST and MCB_AUTH.';

/**
 * Whether others on this machine may read the `.env` file.
 * @param mode of the file; undefined: there is none
 */
export function checkEnvFile(path: string, mode: number | undefined): Finding {
  if (mode === undefined)
    return ok('env_file', 'No .env file here; the environment is used alone.');
  const permissions = (mode & 0o777).toString(8).padStart(3, '0');
  if ((mode & 0o044) === 0) return ok('env_file', `${path} is private (mode ${permissions}).`);
  const found = `${path} can be read by other users of this machine (mode ${permissions}); it may hold secrets.`;
  return mendable(warning('env_file', found, `chmod 600 ${path}`), () => chmodSync(path, 0o600));
}
