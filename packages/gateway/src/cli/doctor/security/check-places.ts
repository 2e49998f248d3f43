import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Config } from '../../../config/config.ts';
import { realDatabasePath } from '../../../db/hold-database.ts';
import { KeyFileError, keyFileOf, readKeyFile } from '../../../secrets/key-file.ts';
import { type Finding, problem, warning } from '../finding.ts';
import { checkWay } from './check-way.ts';

/** Whether what the gateway keeps lies where nobody else gets at it, chats included. */
export function checkPlaces(config: Config, envFile: string, user: number): Finding[] {
  const { GATEWAY_SESSION_DIR: sessions, GATEWAY_ARCHIVE_DIR: archives } = config;
  const database = realDatabasePath(config.DATABASE_PATH);
  const kept = database === ':memory:' ? [envFile] : [envFile, database];
  return [
    ...checkWay('The directory', sessions, 'GATEWAY_SESSION_DIR', user),
    ...checkWay('The directory', archives, 'GATEWAY_ARCHIVE_DIR', user),
    ...(database === ':memory:' ? [] : checkWay('The database', database, 'DATABASE_PATH', user)),
    ...kept.filter((path) => isInside(path, sessions)).map((path) => amongChats(path, sessions)),
    ...linkedBots(sessions),
    ...checkKey(database),
  ];
}

function isInside(path: string, directory: string): boolean {
  const [real, root] = [dirname(path), directory].map((p) => (existsSync(p) ? realpathSync(p) : p));
  const way = relative(root ?? '', real ?? '');
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
}

const amongChats = (path: string, sessions: string): Finding =>
  warning(
    'among_chats',
    `${path} lies among the chats' directories (${sessions}), where Claude works.`,
    'Keep them apart: name another GATEWAY_SESSION_DIR.',
  );

/** A chat whose directory is not its own is refused when it is used. */
const linkedBots = (sessions: string): Finding[] =>
  (existsSync(sessions) ? readdirSync(sessions) : [])
    .map((name) => join(sessions, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    .map((path) =>
      problem(
        'linked_directory',
        `${path} is a link: the chats below it are refused.`,
        `Put a directory in its place. To have all chats elsewhere, use GATEWAY_SESSION_DIR.`,
      ),
    );

function checkKey(database: string): Finding[] {
  const path = keyFileOf(database);
  if (database === ':memory:' || lstatSync(path, { throwIfNoEntry: false }) === undefined)
    return [];
  try {
    readKeyFile(path);
    return [];
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    return [problem('key_file', error.message, 'The gateway does not start until that is done.')];
  }
}
