import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { claudeConfigDirectory } from '@mini-claude-bot/claude';
import type { Config } from '../../../config/config.ts';
import type { Environment } from '../../../config/read-environment.ts';
import { realDatabasePath } from '../../../db/hold-database.ts';
import { keyFileOf } from '../../../secrets/key-file.ts';
import type { PrivatePath } from './check-private.ts';

/** All that the gateway keeps on disk, and what it reads its secrets from. */
export function privatePaths(
  config: Config,
  environment: Environment,
  envFile: string,
): PrivatePath[] {
  const claudes = claudeConfigDirectory(environment);
  return [
    { path: envFile, what: 'The file', grave: true },
    ...databaseFiles(realDatabasePath(config.DATABASE_PATH)),
    { path: config.METRICS_CACHE_PATH, what: 'The file' },
    ...directories(config.GATEWAY_SESSION_DIR, 2),
    ...directories(config.GATEWAY_ARCHIVE_DIR, 1),
    { path: join(config.GATEWAY_ARCHIVE_DIR, 'index.json'), what: 'The list of archives' },
    { path: join(claudes, '.credentials.json'), what: "Claude's login", grave: true },
    { path: join(claudes, 'projects'), what: "The directory of Claude's transcripts" },
  ];
}

function databaseFiles(database: string): PrivatePath[] {
  if (database === ':memory:') return [];
  const key = keyFileOf(database);
  const beside = entriesOf(dirname(database))
    .filter((name) => name.startsWith(basename(database)))
    .map((name) => join(dirname(database), name))
    .filter((path) => path !== key);
  return [
    { path: key, what: 'The key', grave: true, more: ' (and give all bot tokens anew)' },
    ...beside.map((path): PrivatePath => ({ path, what: 'The database', grave: true })),
    { path: dirname(database), what: "The database's directory" },
  ];
}

/** A directory, and those in it so many levels down. */
function directories(path: string, levels: number): PrivatePath[] {
  const below = levels === 0 ? [] : entriesOf(path).map((name) => join(path, name));
  return [
    { path, what: 'The directory' },
    ...below
      .filter((entry) => lstatSync(entry, { throwIfNoEntry: false })?.isDirectory() === true)
      .flatMap((entry) => directories(entry, levels - 1)),
  ];
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Not there, or not to be read: the other checks say so.
    return [];
  }
}
