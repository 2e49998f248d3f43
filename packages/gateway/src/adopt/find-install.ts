import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Environment, readEnvironment } from '../config/read-environment.ts';
import { expandHome } from '../config/variable-kinds.ts';
import { AdoptFault } from './adopt-fault.ts';
import { looksLikeDatabase } from './looks-like-database.ts';

/** Where an install of the old system has its things. All paths are absolute. */
export interface OldInstall {
  readonly root: string;
  readonly database: string;
  /** undefined: it has no `.env`. */
  readonly envFile: string | undefined;
  /** What stands in that file. */
  readonly environment: Environment;
  readonly sessionDirectory: string;
  readonly archiveDirectory: string;
}

/** Where the old system kept its database, unless it was told otherwise. */
const usualDatabase = join('data', 'mini-claude-bot.db');

/**
 * Find an install by its directory, or by its database.
 * @param envFile its `.env`, where that is not in its directory
 * @throws AdoptFault that says what was not found
 */
export function findInstall(place: string, envFile?: string): OldInstall {
  const path = resolve(place);
  const there = statOf(path);
  if (there === undefined) throw new AdoptFault(`There is nothing at ${path}.`);
  if (there.isDirectory()) {
    const root =
      basename(path) === 'data' && !existsFile(join(path, '.env')) ? dirname(path) : path;
    return installIn(root, undefined, envFile);
  }
  if (!there.isFile()) throw new AdoptFault(`${path} is neither a directory nor a file.`);
  const above = dirname(path);
  return installIn(basename(above) === 'data' ? dirname(above) : above, path, envFile);
}

function installIn(
  root: string,
  database: string | undefined,
  envFile: string | undefined,
): OldInstall {
  const file = envFileOf(root, envFile);
  const environment = file === undefined ? {} : readEnvironment({}, file);
  return {
    root,
    database: realpathSync(database ?? databaseOf(root, environment)),
    envFile: file,
    environment,
    sessionDirectory: from(
      root,
      environment.GATEWAY_SESSION_DIR?.trim() || '~/claude-gateway-sessions',
    ),
    archiveDirectory: expandHome('~/.claude-gateway-archives'),
  };
}

function envFileOf(root: string, given: string | undefined): string | undefined {
  if (given === undefined) return existsFile(join(root, '.env')) ? join(root, '.env') : undefined;
  if (existsFile(resolve(given))) return resolve(given);
  throw new AdoptFault(`--env: there is no file ${resolve(given)}.`, { askedWrongly: true });
}

function databaseOf(root: string, environment: Environment): string {
  const named = environment.DATABASE_PATH?.trim();
  if (named) {
    const path = from(root, named);
    if (existsFile(path)) return path;
    throw new AdoptFault(
      `${join(root, '.env')} names the database ${path}, which is not there. Name the database itself.`,
    );
  }
  if (existsFile(join(root, usualDatabase))) return join(root, usualDatabase);
  const found = [root, join(root, 'data')].flatMap(databasesIn);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new AdoptFault(
    found.length === 0
      ? `No database of the old system is in ${root}, nor in its directory data. Name the database itself.`
      : `There are several databases: ${found.join(', ')}. Name the one that is meant.`,
  );
}

const databasesIn = (directory: string): string[] =>
  statOf(directory)?.isDirectory()
    ? readdirSync(directory)
        .filter((name) => /\.(db|sqlite3?)$/.test(name))
        .map((name) => join(directory, name))
        .filter((path) => existsFile(path) && looksLikeDatabase(path))
    : [];

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });
const existsFile = (path: string): boolean => statOf(path)?.isFile() === true;

/** A path of the old install's settings: a relative one goes out from where it was started. */
export const from = (root: string, path: string): string =>
  path.startsWith('~') ? expandHome(path) : resolve(root, path);
