import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, link, open, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { wordsOf } from '../db/database.ts';
import { codeOf, OpenDirectory } from '../host/files/open-directory.ts';
import { keyFileOf } from '../secrets/key-file.ts';
import { BackupError } from './backup-error.ts';
import { collectTree, type Found } from './collect-tree.ts';
import {
  archiveFormat,
  configName,
  databaseName,
  keyName,
  type Manifest,
  type Root,
} from './manifest.ts';
import { realPath } from './real-path.ts';
import { type Snapshot, snapshotDatabase } from './snapshot-database.ts';
import { archiveBytes, type Contents } from './write-archive.ts';

/** Where what is backed up lies. */
export interface BackupPlaces {
  /** The database's real path. */
  readonly database: string;
  /** The chats' working directories. */
  readonly sessions: string;
  /** Harnesses of chats that ended. */
  readonly archives: string;
  /** Claude's transcripts, in a folder for each project. */
  readonly projects: string;
  /** The owner's own reports, and templates. */
  readonly reports: string;
}

/** A backup to be made. */
export interface BackupOrder {
  /** The file to be written; there must be none of that name. */
  readonly target: string;
  readonly places: BackupPlaces;
  /** The configuration, without its secrets, as lines of a `.env` file. */
  readonly config: string;
  /** Working directories and archived harnesses too. */
  readonly work: boolean;
  /** The key of the bots' tokens too: who has the file can then read them. */
  readonly key: boolean;
  /** Version of this program. */
  readonly program: string;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** What was made. */
export interface MadeBackup {
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
  readonly files: number;
  readonly left_out: readonly string[];
}

/**
 * Write a backup, whole or not at all. The database comes first: what other files say of later is more than it
 * knows, never less.
 * @throws BackupError
 */
export async function makeBackup(order: BackupOrder): Promise<MadeBackup> {
  const { target, places } = order;
  if (places.database === ':memory:') {
    throw new BackupError('The database is in memory, and ends with the gateway: nothing to keep.');
  }
  if (!existsSync(places.database)) {
    throw new BackupError(
      `There is no database ${places.database} to back up. Is DATABASE_PATH right?`,
    );
  }
  const partial = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
  const copy = `${partial}.sqlite`;
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    if (existsSync(target)) throw new BackupError(`${target} is there already.`);
    const snapshot = await snapshotDatabase(places.database, copy);
    const contents = await write(partial, copy, snapshot, order);
    const { size } = await stat(partial);
    await publish(partial, target);
    const files = contents.entries.filter(({ kind }) => kind === 'file').length;
    return { path: target, bytes: size, files, left_out: contents.leftOut };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    const words = codeOf(error) === 'EEXIST' ? 'it is there already' : wordsOf(error);
    throw new BackupError(`The backup ${target} can't be written: ${words}`);
  } finally {
    for (const left of [partial, copy, `${copy}-journal`]) rmSync(left, { force: true });
  }
}

async function write(
  partial: string,
  copy: string,
  snapshot: Snapshot,
  order: BackupOrder,
): Promise<Contents> {
  const madeAt = new Date(order.nowMs);
  let written: Contents = { entries: [], leftOut: [] };
  const manifest = (contents: Contents): string => {
    written = contents;
    return JSON.stringify(manifestOf(contents, snapshot, order));
  };
  const bytes = archiveBytes(everything(copy, snapshot, order), madeAt, manifest);
  const output = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(Readable.from(bytes, { objectMode: false }), createGzip(), output);
  return written;
}

const manifestOf = (
  { entries, leftOut }: Contents,
  { schema }: Snapshot,
  { program, nowMs, places }: BackupOrder,
): Manifest => ({
  format: archiveFormat,
  program,
  made_at: new Date(nowMs).toISOString(),
  schema,
  places: { ...places, real_sessions: realPath(places.sessions) },
  entries,
  left_out: leftOut,
});

async function* everything(
  copy: string,
  { sessions }: Snapshot,
  { places, config, work, key }: BackupOrder,
): AsyncGenerator<Found> {
  yield* oneFile(copy, databaseName);
  yield textFile(configName, config);
  if (key) yield* oneFile(keyFileOf(places.database), keyName);
  yield* transcripts(places.projects, new Set(sessions));
  yield* tree(places.reports, 'reports', isOfReports);
  if (!work) return;
  yield* tree(places.sessions, 'sessions');
  yield* tree(places.archives, 'archives');
}

async function* oneFile(path: string, name: string): AsyncGenerator<Found> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    // A gateway that has never started has no key yet.
    if (codeOf(error) === 'ENOENT' && name === keyName) return;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const read = async (bytes: number): Promise<Buffer> => {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, null);
      return buffer.subarray(0, bytesRead);
    };
    yield { kind: 'file', path: name, mode: 0o600, size, read };
  } finally {
    await file.close();
  }
}

function textFile(path: string, text: string): Found {
  const bytes = Buffer.from(text);
  let at = 0;
  const read = async (count: number): Promise<Buffer> => {
    const part = bytes.subarray(at, at + count);
    at += part.length;
    return part;
  };
  return { kind: 'file', path, mode: 0o600, size: bytes.length, read };
}

/** Their directory may be one that has other things in it. */
const isOfReports = (name: string): boolean => name === 'templates' || /\.ya?ml$/.test(name);
/** What a restore kept aside there is no part of it. */
const isOfChats = (name: string): boolean => !/^\.(before-restore|restoring)-/.test(name);

async function* tree(
  path: string,
  root: Root,
  wanted: (name: string) => boolean = isOfChats,
): AsyncGenerator<Found> {
  const directory = await openIfThere(path);
  if (directory === undefined) return;
  try {
    yield* collectTree(directory, root, wanted);
  } finally {
    await directory.close();
  }
}

/** Of the sessions that the database knows: the folder holds those of other programs, too. */
async function* transcripts(projects: string, sessions: ReadonlySet<string>) {
  for (const folder of await readdir(projects).catch(() => [])) {
    const directory = await openIfThere(join(projects, folder));
    if (directory === undefined) continue;
    try {
      yield* collectTree(directory, `transcripts/${folder}`, (name) =>
        sessions.has(basename(name, '.jsonl')),
      );
    } finally {
      await directory.close();
    }
  }
}

async function openIfThere(path: string): Promise<OpenDirectory | undefined> {
  try {
    return await OpenDirectory.at(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Give it its name, which nobody else's file may have got meanwhile, for good. */
async function publish(partial: string, target: string): Promise<void> {
  try {
    await link(partial, target);
  } catch (error) {
    // Some file systems have no links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
    await rename(partial, target);
  }
  const directory = await open(dirname(target));
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
