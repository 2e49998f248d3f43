import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { variables } from '../../config/variables.ts';
import { withheldNames } from '../../secrets/secrets-of-environment.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { parseMemoryLimit, type ServicePlan } from './service-plan.ts';

/** More than the grace of running turns: the rest of the gateway has to end, too. In seconds. */
const endSeconds = 20;

/** Settings of other programs that a service must have as well. */
const others = ['CLAUDE_CONFIG_DIR', 'IS_SANDBOX', 'ANTHROPIC_BASE_URL', 'LANG', 'TZ'];
const othersSecret = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];

/** A plan, and what its owner should know of it. */
export interface MadePlan {
  readonly plan: ServicePlan;
  readonly warnings: readonly string[];
}

/**
 * Plan a service for the gateway as it would be started here.
 * @param program path of our program, as it was called
 * @throws UserFault for a configuration or a limit that can't be used
 */
export function makePlan(sources: ConfigSources, program: string, memoryMax: string): MadePlan {
  const { config } = readSettings(sources);
  const limit = parseMemoryLimit(memoryMax);
  if (limit === undefined)
    throw new UserFault(
      `--memory-max ${JSON.stringify(memoryMax)} must be such as 80%, 900M or 4G.`,
      2,
    );
  const { processEnvironment, envFile } = sources;
  const inFile = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {};
  const withheld = new Set([...withheldNames(processEnvironment), ...othersSecret]);
  const set = [...Object.keys(variables), ...others, ...othersSecret].flatMap((name) => {
    const value = processEnvironment[name]?.trim();
    return value && inFile[name] === undefined ? [[name, value] as const] : [];
  });
  const real = realpathSync(program);
  const plan: ServicePlan = {
    node: process.execPath,
    program: real,
    directory: realpathSync(dirname(envFile)),
    environment: {
      PATH: processEnvironment.PATH ?? '/usr/local/bin:/usr/bin:/bin',
      ...Object.fromEntries(set.filter(([name]) => !withheld.has(name))),
    },
    memoryMax: limit,
    stopSeconds: config.GATEWAY_SHUTDOWN_GRACE + endSeconds,
  };
  const secrets = set.filter(([name]) => withheld.has(name)).map(([name]) => name);
  return { plan, warnings: [...secretWarnings(secrets, envFile), ...npxWarning(real)] };
}

const secretWarnings = (names: readonly string[], envFile: string): string[] =>
  names.map(
    (name) =>
      `${name} is set in this shell alone: put it into ${envFile}, or the service lacks it.`,
  );

const npxWarning = (program: string): string[] =>
  /[\\/]_npx[\\/]/.test(program)
    ? [
        `${program} is in npx's cache, which may be emptied: install it for good first (npm install -g mini-claude-bot).`,
      ]
    : [];
