import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { claudeConfigDirectory } from '@mini-claude-bot/claude';
import { deviceOf } from '../../backup/restore-places.ts';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { realDatabasePath } from '../../db/hold-database.ts';
import { type ConfigSources, readSources } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { checkClaude } from './check-claude.ts';
import { checkClock } from './check-clock.ts';
import { checkConfiguration, checkEnvFile } from './check-configuration.ts';
import { checkDashboard } from './check-dashboard.ts';
import { checkDatabase, databaseHolder } from './check-database.ts';
import { checkDirectory, type NeededDirectory } from './check-directory.ts';
import { checkDisk } from './check-disk.ts';
import { checkEmbeddings } from './check-embeddings.ts';
import { checkGitHub } from './check-github.ts';
import { checkNode } from './check-node.ts';
import { checkOldInstalls } from './check-old-installs.ts';
import { checkPort } from './check-port.ts';
import { checkReports } from './check-reports.ts';
import { checkTelegram } from './check-telegram.ts';
import { type Finding, problem } from './finding.ts';

/** Check everything that the gateway needs of this machine. Leaves everything as it was. */
export async function examine(sources: ConfigSources): Promise<Finding[]> {
  const { environment, findings } = readable(sources);
  const checked = checkConfiguration(environment);
  const { config } = checked;
  return [
    checkNode(process.versions.node),
    ...findings,
    ...checked.findings,
    ...(await checkClaude(config, environment)),
    ...(await Promise.all(neededDirectories(config, environment).map(checkDirectory))),
    checkDatabase(config.DATABASE_PATH),
    ...diskFindings(config),
    await checkClock(config.TELEGRAM_API_ROOT, Date.now),
    ...checkOldInstalls(environment.HOME || homedir(), realDatabasePath(config.DATABASE_PATH)),
    ...(await checkTelegram(config)),
    await checkEmbeddings(config),
    ...(await checkGitHub(config, environment)),
    ...(await checkReports(config, environment)),
    ...(await checkDashboard(config)),
    ...(await checkPort({
      host: config.HOST,
      port: config.PORT,
      databasePath: config.DATABASE_PATH,
      holder: databaseHolder(config.DATABASE_PATH),
    })),
  ];
}

/** Where the `.env` file can't be read, the checks go on without it. */
function readable(sources: ConfigSources): { environment: Environment; findings: Finding[] } {
  try {
    const environment = readSources(sources);
    return { environment, findings: [checkEnvFile(sources.envFile, modeOf(sources.envFile))] };
  } catch (error) {
    if (!(error instanceof UserFault)) throw error;
    const fix = 'It must be a file that your user can read, with lines such as PORT=8000.';
    return {
      environment: sources.processEnvironment,
      findings: [problem('env_file', error.message, fix)],
    };
  }
}

const modeOf = (path: string): number | undefined =>
  statSync(path, { throwIfNoEntry: false })?.mode;

/** Each disk once. */
function diskFindings(config: Config): Finding[] {
  const places = [
    ["The chats' disk", config.GATEWAY_SESSION_DIR] as const,
    ...(config.DATABASE_PATH === ':memory:'
      ? []
      : [["The database's disk", dirname(config.DATABASE_PATH)] as const]),
  ];
  const devices = new Map(places.map((place) => [deviceOf(place[1]), place]));
  return [...devices.values()].map(([what, path]) =>
    checkDisk(what, path, config.HEALTH_MIN_DISK_MB),
  );
}

function neededDirectories(config: Config, environment: Environment): NeededDirectory[] {
  const claudes = claudeConfigDirectory(environment);
  const directories: NeededDirectory[] = [
    {
      id: 'session_directory',
      path: config.GATEWAY_SESSION_DIR,
      what: "The chats' directory",
      variable: 'GATEWAY_SESSION_DIR',
    },
    {
      id: 'transcripts',
      path: join(claudes, 'projects'),
      what: "Claude's transcripts",
      variable: 'CLAUDE_CONFIG_DIR',
    },
  ];
  if (config.DATABASE_PATH !== ':memory:') {
    directories.push({
      id: 'database_directory',
      path: dirname(config.DATABASE_PATH),
      what: "The database's directory",
      variable: 'DATABASE_PATH',
    });
  }
  return directories;
}
