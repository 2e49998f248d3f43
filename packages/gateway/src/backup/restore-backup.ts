import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { holdDatabase } from '../db/hold-database.ts';
import { newestVersion } from '../db/migrate.ts';
import { BackupError } from './backup-error.ts';
import { countRows, type DatabaseCounts } from './count-rows.ts';
import type { BackupPlaces } from './make-backup.ts';
import { configName, databaseName, keyName, type Manifest, type Root, roots } from './manifest.ts';
import { megabytes, type ReadArchive, readArchive, type Sink, sizeOf } from './read-archive.ts';
import { relocateDatabase, relocatedName } from './relocate.ts';
import { type Exchange, finishRestore, writeJournal } from './restore-journal.ts';
import {
  deviceOf,
  freeBytes,
  type RestorePlace,
  type RestorePlaces,
  removeStaging,
  restorePlaces,
  stagingOf,
} from './restore-places.ts';
import { inspectDatabase } from './snapshot-database.ts';

/** What is left free on a disk, whatever is restored to it. */
const spareBytes = 16_000_000;

/** A backup to be restored. */
export interface RestoreOrder {
  readonly file: string;
  readonly places: BackupPlaces;
  /** Path of the `.env` file: written where there is none. */
  readonly envFile: string;
  /** Only look. */
  readonly dryRun: boolean;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** What was restored, or would be. */
export interface RestoreReport {
  readonly made_at: string;
  /** Version of the program that made it. */
  readonly program: string;
  readonly restored: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly rows: DatabaseCounts;
  /** Working directories and archived harnesses are in it. */
  readonly work: boolean;
  /** Of the bots' tokens: it is in the backup, the one here is kept, or there is none. */
  readonly key: 'restored' | 'kept' | 'missing';
  /** Where what was there is kept. */
  readonly aside: readonly string[];
  /** Where the backup's configuration was written; null: nowhere. */
  readonly config: string | null;
  readonly left_out: readonly string[];
}

/**
 * Put a backup in the place of what is there, which is kept aside. All of it is looked at before anything is
 * written; it is unpacked beside, and exchanged at the end: whoever ends this at any moment has the one or the
 * other, at the next start at the latest.
 * @throws BackupError, or DatabaseHeldError while a gateway runs; nothing was changed then
 */
export async function restoreBackup(order: RestoreOrder): Promise<RestoreReport> {
  const { file, places, dryRun, nowMs } = order;
  if (places.database === ':memory:')
    throw new BackupError('DATABASE_PATH is :memory:, which nothing can be restored to.');
  await sizeOf(file);
  const where = restorePlaces(places, new Date(nowMs).toISOString().replace(/[-:]/g, ''));
  if (dryRun) {
    const scratch = mkdtempSync(join(tmpdir(), 'mini-claude-bot-restore-'));
    try {
      const checked = await check(file, where, scratch);
      return reportOf(checked, where, { restored: false, aside: [], config: null });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  const release = holdDatabase(places.database);
  try {
    finishRestore(places.database);
    removeStaging(where);
    return await restore(order, where);
  } finally {
    release();
  }
}

async function restore(order: RestoreOrder, where: RestorePlaces): Promise<RestoreReport> {
  const { file, places } = order;
  const checked = await check(file, where, dirname(places.database));
  let config: Buffer;
  let exchanges: Exchange[];
  try {
    config = await unpack(file, checked, where, places);
    exchanges = planExchanges(checked.manifest, where);
    refuseMounts(exchanges);
  } catch (error) {
    for (const { staging } of stagingOf(where)) rmSync(staging, { recursive: true, force: true });
    throw error;
  }
  const staging = stagingOf(where).map((place) => place.staging);
  writeJournal(places.database, { exchanges, staging });
  finishRestore(places.database);
  const aside = stagingOf(where).flatMap((place) => (existsSync(place.aside) ? [place.aside] : []));
  const done = { restored: true, aside, config: writeConfig(order.envFile, config) };
  return reportOf(checked, where, done);
}

interface Checked extends ReadArchive {
  readonly rows: DatabaseCounts;
}

/** Read all of it once, and the database in it. */
async function check(file: string, where: RestorePlaces, scratch: string): Promise<Checked> {
  const copy = join(scratch, `${basename(where.database.staging)}.check`);
  // It is unpacked beside what is there; more than there is room for is never read to its end.
  const mostBytes = stagingOf(where).reduce((sum, { path }) => sum + freeBytes(path), 0);
  try {
    const read = await readArchive(file, {
      mostBytes,
      sinkOf: async (name) => {
        if (name !== databaseName) return undefined;
        return sinkInto(copy, 0o600);
      },
    });
    if (!read.files.has(databaseName))
      throw new BackupError(`${file} can't be restored: there is no database in it.`);
    const { schema } = checkDatabase(file, copy);
    if (schema !== read.manifest.schema)
      throw new BackupError(`${file} can't be restored: its list and its database disagree.`);
    refuseTooLarge(file, read.manifest, where);
    return { ...read, rows: countRows(copy) };
  } finally {
    for (const left of ['', '-journal', '-wal', '-shm']) rmSync(copy + left, { force: true });
  }
}

function checkDatabase(file: string, copy: string): { schema: number } {
  try {
    const snapshot = inspectDatabase(copy);
    if (snapshot.schema === 0 || snapshot.schema > newestVersion)
      throw new BackupError(`its schema is of version ${snapshot.schema}`);
    return snapshot;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new BackupError(
      `${file} can't be restored: the database in it can't be used. ${words.replaceAll(copy, databaseName)}`,
    );
  }
}

function refuseTooLarge(file: string, { entries }: Manifest, where: RestorePlaces): void {
  const needs = new Map<number, { path: string; bytes: number }>();
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const { path } = placeFor(entry.path, where);
    const device = deviceOf(path);
    const need = needs.get(device) ?? { path, bytes: spareBytes };
    needs.set(device, { path, bytes: need.bytes + entry.size });
  }
  for (const { path, bytes } of needs.values()) {
    const free = freeBytes(path);
    if (bytes <= free) continue;
    throw new BackupError(
      `${file} needs ${megabytes(bytes)} MB where ${path} is, and ${megabytes(free)} MB are free. Make room first.`,
    );
  }
}

const rootOf = (name: string): Root | undefined =>
  roots.find((root) => name.startsWith(`${root}/`));

const placeFor = (name: string, where: RestorePlaces) => {
  const root = rootOf(name);
  return root === undefined ? where.database : where[root];
};

/** Where something of the archive is made ready. */
const stagedPath = (name: string, where: RestorePlaces): string => {
  const root = rootOf(name);
  return join(
    placeFor(name, where).staging,
    root === undefined ? name : name.slice(root.length + 1),
  );
};

/** @returns the configuration in it */
async function unpack(
  file: string,
  checked: Checked,
  where: RestorePlaces,
  places: BackupPlaces,
): Promise<Buffer> {
  const { manifest } = checked;
  const modes = new Map(
    manifest.entries.flatMap((entry) => (entry.kind === 'file' ? [[entry.path, entry.mode]] : [])),
  );
  const config: Buffer[] = [];
  const named = (name: string): string => relocatedName(name, manifest.places, places);
  for (const entry of manifest.entries)
    if (entry.kind === 'directory')
      await mkdir(stagedPath(named(entry.path), where), { recursive: true, mode: 0o700 });
  const again = await readArchive(file, {
    mostBytes: Number.MAX_SAFE_INTEGER,
    sinkOf: async (name) => {
      if (name === configName)
        return { write: (bytes) => void config.push(bytes), end: async () => {} };
      const mode = modes.get(name);
      if (mode === undefined) throw new BackupError(`${file} was exchanged while it was read.`);
      return sinkInto(stagedPath(named(name), where), 0o600 | (mode & 0o700));
    },
  });
  if (JSON.stringify(again.manifest) !== JSON.stringify(manifest))
    throw new BackupError(`${file} was exchanged while it was read.`);
  // Last: nothing is written through one of them.
  for (const entry of manifest.entries)
    if (entry.kind === 'link') await symlink(entry.target, stagedPath(named(entry.path), where));
  relocateDatabase(stagedPath(databaseName, where), manifest.places, places);
  return Buffer.concat(config);
}

/** A new file, on the disk when it is ended. */
async function sinkInto(path: string, mode: number): Promise<Sink> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', mode);
  return {
    // It goes on where the last one ended.
    write: (bytes) => file.writeFile(bytes),
    end: async () => {
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** What is there is put aside first: a database and its log belong together. */
function planExchanges(manifest: Manifest, where: RestorePlaces): Exchange[] {
  const { database } = where;
  const kept = (path: string): string => join(database.aside, basename(path));
  const logs = ['-wal', '-shm'].map((suffix): Exchange => {
    const target = database.file + suffix;
    return { target, staged: null, aside: kept(target) };
  });
  const staged = join(database.staging, databaseName);
  const key: Exchange = {
    target: database.key,
    staged: join(database.staging, keyName),
    aside: kept(database.key),
  };
  return [
    ...logs.filter(({ target }) => existsSync(target)),
    { target: database.file, staged, aside: kept(database.file) },
    ...(existsSync(key.staged ?? '') ? [key] : []),
    ...transcriptExchanges(where),
    ...entriesOf(where.reports.staging).map((name) => exchangeIn(where.reports, name)),
    ...(hasWork(manifest)
      ? [...wholeExchanges(where, 'sessions'), ...wholeExchanges(where, 'archives')]
      : []),
  ];
}

/** One thing that was made ready, and what has its name here. */
const exchangeIn = (place: RestorePlace, ...name: string[]): Exchange => ({
  target: join(place.path, ...name),
  staged: join(place.staging, ...name),
  aside: join(place.aside, ...name),
});

/** Each transcript by itself: those of other programs stay where they are. */
function transcriptExchanges({ transcripts: place }: RestorePlaces): Exchange[] {
  return entriesOf(place.staging).flatMap((folder) =>
    entriesOf(join(place.staging, folder)).map((name) => exchangeIn(place, folder, name)),
  );
}

/** All that is there is put aside: what the backup's database does not know belongs to nobody. */
function wholeExchanges(where: RestorePlaces, root: Root): Exchange[] {
  const place = where[root];
  const names = new Set([...entriesOf(place.path), ...entriesOf(place.staging)]);
  return [...names]
    .filter((name) => !/^\.(before-restore|restoring)-/.test(name))
    .map((name) => {
      const exchange = exchangeIn(place, name);
      return existsSync(join(place.staging, name)) ? exchange : { ...exchange, staged: null };
    });
}

const hasWork = ({ entries }: Manifest): boolean =>
  entries.some(({ path }) => rootOf(path) === 'sessions' || rootOf(path) === 'archives');

/** A file system of its own can't be moved: better to say so before anything is. */
function refuseMounts(exchanges: readonly Exchange[]): void {
  for (const { target, aside } of exchanges) {
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (stats === undefined || stats.dev === deviceOf(dirname(aside))) continue;
    throw new BackupError(
      `${target} is a file system of its own, and can't be put aside. Unmount it, or restore to other places.`,
    );
  }
}

function writeConfig(envFile: string, text: Buffer): string | null {
  if (text.length === 0) return null;
  const path = existsSync(envFile) ? `${envFile}.from-backup` : envFile;
  try {
    rmSync(`${envFile}.from-backup`, { force: true });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return path;
  } catch {
    // The restore itself is done. What it says can be read in the backup.
    return null;
  }
}

const entriesOf = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);

function reportOf(
  { manifest, files, rows }: Checked,
  where: RestorePlaces,
  done: Pick<RestoreReport, 'restored' | 'aside' | 'config'>,
): RestoreReport {
  const kept = existsSync(where.database.key) ? 'kept' : 'missing';
  return {
    made_at: manifest.made_at,
    program: manifest.program,
    ...done,
    files: files.size,
    bytes: [...files.values()].reduce((sum, { size }) => sum + size, 0),
    rows,
    work: hasWork(manifest),
    key: files.has(keyName) ? 'restored' : kept,
    left_out: manifest.left_out,
  };
}
