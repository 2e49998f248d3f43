import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { codeOf } from '../host/files/open-directory.ts';
import { BackupError } from './backup-error.ts';
import {
  archiveFormat,
  isArchiveName,
  Manifest,
  ManifestFormat,
  manifestName,
} from './manifest.ts';

const longestHeader = 64 * 1024;
const largestManifest = 256 * 1024 * 1024;
const mostEntries = 5_000_000;

/** Takes the bytes of one file of an archive. */
export interface Sink {
  readonly write: (bytes: Buffer) => Promise<void> | void;
  /** Called once, also where it was cut short. */
  readonly end: () => Promise<void>;
}

/** What the bytes of an archive were. */
export interface ReadFile {
  readonly size: number;
  readonly sha256: string;
}

/** How an archive is read. */
export interface ReadOptions {
  /** More bytes than that are not unpacked. */
  readonly mostBytes: number;
  /** Who gets the bytes of a file; undefined: nobody, they are only counted. */
  readonly sinkOf: (name: string) => Promise<Sink | undefined>;
}

/** A whole archive. */
export interface ReadArchive {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, ReadFile>;
}

/**
 * Read an archive from end to end. Names, kinds and sizes are looked at before anything is made of them, and
 * nothing is believed that its manifest does not say too.
 * @throws BackupError
 */
export async function readArchive(path: string, options: ReadOptions): Promise<ReadArchive> {
  const reading = new Reading(path, options);
  try {
    await pipeline(createReadStream(path), createGunzip(), reading.intake());
  } catch (error) {
    await reading.abandon(error);
    throw faultOf(path, reading.fault);
  }
  const manifest = reading.manifest();
  compare(path, manifest, reading.files);
  return { manifest, files: reading.files };
}

class Reading {
  readonly #path: string;
  readonly #options: ReadOptions;
  readonly files = new Map<string, ReadFile>();
  readonly #manifest: Buffer[] = [];
  #hasManifest = false;
  #unpacked = 0;
  #working: Promise<void> = Promise.resolve();
  #entry: ReadEntry | undefined;
  fault: unknown;

  constructor(path: string, options: ReadOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Takes the tar itself. */
  intake(): Writable {
    const parser = new Parser({
      strict: true,
      maxMetaEntrySize: longestHeader,
      onReadEntry: (entry) => {
        this.#working = this.#working
          .then(() => this.#take(entry))
          .catch((error: unknown) => {
            this.fault ??= error;
            // The rest of it is not looked at; its bytes must go somewhere until the pipeline has ended.
            entry.resume();
          });
      },
    });
    parser.on('error', (error: unknown) => {
      this.fault ??= error;
    });
    const { mostBytes } = this.#options;
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#unpacked += chunk.length;
        if (this.#unpacked > mostBytes) this.fault ??= this.#tooLarge();
        const goOn = (): void => done(asError(this.fault));
        if (this.fault !== undefined || parser.write(chunk)) goOn();
        else parser.once('drain', goOn);
      },
      final: (done) => {
        parser.once('end', () => {
          void this.#working.then(() => done(asError(this.fault)));
        });
        parser.end();
      },
    });
  }

  /** Nothing more comes: what is open is closed. */
  async abandon(error: unknown): Promise<void> {
    this.fault ??= error;
    this.#entry?.destroy(this.fault);
    await this.#working;
  }

  #tooLarge(): BackupError {
    return new BackupError(
      `${this.#path} unpacks to more than there is room for (${megabytes(this.#options.mostBytes)} MB). ` +
        'Make room, or restore it elsewhere.',
    );
  }

  async #take(entry: ReadEntry): Promise<void> {
    this.#refuseToGoOn();
    const { path: name, size } = entry;
    if (entry.type !== 'File') throw damaged(this.#path, `${shown(name)} in it is a ${entry.type}`);
    if (this.#hasManifest) throw damaged(this.#path, 'something comes after its list');
    if (name === manifestName) return this.#takeManifest(entry);
    if (!isArchiveName(name))
      throw damaged(this.#path, `${shown(name)} is no name that a backup has`);
    if (this.files.has(name)) throw damaged(this.#path, `${shown(name)} is in it twice`);
    if (this.files.size >= mostEntries) throw damaged(this.#path, 'it has too many files');
    this.#entry = entry;
    // It is told to those who read; there may be nobody in this moment.
    entry.on('error', () => {});
    const sink = await this.#options.sinkOf(name);
    const hash = createHash('sha256');
    try {
      this.#refuseToGoOn();
      for await (const bytes of entry) {
        hash.update(bytes);
        await sink?.write(bytes);
        this.#refuseToGoOn();
      }
    } finally {
      await sink?.end();
    }
    this.files.set(name, { size, sha256: hash.digest('hex') });
  }

  async #takeManifest(entry: ReadEntry): Promise<void> {
    if (entry.size > largestManifest) throw damaged(this.#path, 'its list is too long');
    this.#hasManifest = true;
    this.#entry = entry;
    entry.on('error', () => {});
    for await (const bytes of entry) {
      this.#manifest.push(bytes);
      this.#refuseToGoOn();
    }
  }

  #refuseToGoOn(): void {
    if (this.fault !== undefined) throw this.fault;
  }

  manifest(): Manifest {
    if (!this.#hasManifest)
      throw damaged(this.#path, 'the list at its end is missing: it was cut off, or is no backup');
    let text: unknown;
    try {
      text = JSON.parse(Buffer.concat(this.#manifest).toString());
    } catch {
      throw damaged(this.#path, 'its list is no JSON');
    }
    const parsed = Manifest.safeParse(text);
    if (parsed.success) return parsed.data;
    const format = ManifestFormat.safeParse(text).data?.format;
    if (format !== undefined && format > archiveFormat) {
      throw new BackupError(
        `${this.#path} was made by a newer program (format ${format}). Update this one first.`,
      );
    }
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw damaged(this.#path, `its list is wrong (${where}: ${issue?.message ?? ''})`);
  }
}

/** Each file is as the list says, and the list has each. */
function compare(path: string, manifest: Manifest, files: ReadonlyMap<string, ReadFile>): void {
  const listed = new Set<string>();
  for (const entry of manifest.entries) {
    if (listed.has(entry.path)) throw damaged(path, `${shown(entry.path)} is listed twice`);
    listed.add(entry.path);
    if (entry.kind !== 'file') continue;
    const file = files.get(entry.path);
    if (file === undefined) throw damaged(path, `${shown(entry.path)} is missing in it`);
    if (file.size !== entry.size || file.sha256 !== entry.sha256)
      throw damaged(path, `${shown(entry.path)} is not what was backed up`);
  }
  const kinds = new Map(manifest.entries.map((entry) => [entry.path, entry.kind]));
  for (const name of files.keys())
    if (kinds.get(name) !== 'file') throw damaged(path, `${shown(name)} is not in its list`);
  for (const name of listed) refuseBelowFile(path, name, kinds);
}

/** What lies below something must lie below a directory: through a link it would lead elsewhere. */
function refuseBelowFile(path: string, name: string, kinds: ReadonlyMap<string, string>): void {
  const parts = name.split('/');
  for (let n = parts.length - 1; n > 0; n -= 1) {
    const kind = kinds.get(parts.slice(0, n).join('/'));
    if (kind !== undefined && kind !== 'directory')
      throw damaged(path, `${shown(name)} lies below a ${kind}`);
  }
}

function faultOf(path: string, error: unknown): BackupError {
  if (error instanceof BackupError) return error;
  const code = codeOf(error) ?? '';
  if (code === 'ENOENT') return new BackupError(`There is no file ${path}.`);
  if (code === 'Z_BUF_ERROR') return damaged(path, 'it was cut off');
  if (code.startsWith('Z_')) return damaged(path, 'it is no gzip file, or its bytes were changed');
  if (code.startsWith('TAR_')) return damaged(path, 'it is no tar file, or its bytes were changed');
  const words = error instanceof Error ? error.message : String(error);
  return new BackupError(`${path} can't be read: ${words}`);
}

const damaged = (path: string, why: string): BackupError =>
  new BackupError(`${path} can't be restored: ${why}. Nothing was changed; use another backup.`);

/** Somebody else's text, in a sentence of ours. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 200));

const asError = (fault: unknown): Error | null =>
  fault === undefined ? null : fault instanceof Error ? fault : new Error(String(fault));

export const megabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000);

/** Of the file itself. */
export async function sizeOf(path: string): Promise<number> {
  const file = await open(path).catch((error: unknown) => {
    throw faultOf(path, error);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new BackupError(`${path} is no file.`);
    return stats.size;
  } finally {
    await file.close();
  }
}
