import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../is-missing.ts';
import { LineSplitter } from './line-splitter.ts';
import { listTranscripts, type TranscriptFile } from './list-transcripts.ts';
import { readUsageLine, type UsageRecord } from './usage-line.ts';

/** How far a transcript was read. */
export interface TranscriptProgress extends TranscriptFile {
  /** Where the first line begins that was not read yet, in bytes. */
  readonly position: number;
  /** Of what stands before the position: where that has changed, the file was written anew. */
  readonly mark: string;
  /** Lines that could not be read. */
  readonly brokenLines: number;
}

/** A part of one transcript: what to note, and how far that goes. Both, or neither. */
export interface UsageBatch {
  readonly records: readonly UsageRecord[];
  readonly progress: TranscriptProgress;
}

/** What a reading saw when it is done. */
export interface UsageReading {
  /** Transcripts that were read before, and are no longer there. */
  readonly gone: readonly string[];
  /** How much was read, in bytes. */
  readonly bytes: number;
  /** Transcripts that could not be read, and why. */
  readonly faults: readonly { readonly path: string; readonly why: string }[];
}

const chunkBytes = 1024 * 1024;
/** Records of one batch: so many are written in a few milliseconds. */
const batchSize = 200;
const markBytes = 64;

/**
 * Read what was added to transcripts since they were read last. A transcript that has become shorter, or whose
 * beginning has changed, is read from its beginning. Blocks: not for a thread that others wait for.
 * @param known how far each was read before, by its path
 */
export function* readUsage(
  directory: string,
  known: ReadonlyMap<string, TranscriptProgress>,
): Generator<UsageBatch, UsageReading> {
  const files = listTranscripts(directory);
  const faults: { path: string; why: string }[] = [];
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let bytes = 0;
  for (const file of files) {
    const before = known.get(file.path);
    if (before !== undefined && isUntouched(file, before)) continue;
    try {
      bytes += yield* readFile(directory, file, before, chunk);
    } catch (error) {
      // One that has gone is looked for no more; one that may not be read is told, and keeps nobody.
      if (!isMissing(error)) faults.push({ path: file.path, why: String(error) });
    }
  }
  const there = new Set(files.map(({ path }) => path));
  return { gone: [...known.keys()].filter((path) => !there.has(path)), bytes, faults };
}

const isUntouched = (file: TranscriptFile, before: TranscriptProgress): boolean =>
  file.identity === before.identity &&
  file.size === before.size &&
  file.modifiedMs === before.modifiedMs;

/** @returns bytes that were read */
function* readFile(
  directory: string,
  file: TranscriptFile,
  before: TranscriptProgress | undefined,
  chunk: Buffer,
): Generator<UsageBatch, number> {
  const fd = openSync(join(directory, file.path), 'r');
  try {
    const { size, mtimeMs, dev, ino } = fstatSync(fd);
    const present = { ...file, size, modifiedMs: mtimeMs, identity: `${dev}:${ino}` };
    const goesOn =
      before !== undefined &&
      before.identity === present.identity &&
      before.position <= size &&
      markAt(fd, before.position) === before.mark;
    return yield* readFrom(fd, present, goesOn ? before : undefined, chunk);
  } finally {
    closeSync(fd);
  }
}

function* readFrom(
  fd: number,
  file: TranscriptFile,
  before: TranscriptProgress | undefined,
  chunk: Buffer,
): Generator<UsageBatch, number> {
  const start = before?.position ?? 0;
  const noted = new Noted(before?.brokenLines ?? 0);
  const lines = new LineSplitter((line) => noted.read(line));
  let at = start;
  const batch = (): UsageBatch => {
    const position = at - lines.unfinished;
    // The size is what was looked at: what is left of the file must be found the next time.
    const progress = { ...file, size: at, position, mark: markAt(fd, position) };
    return { records: noted.take(), progress: { ...progress, brokenLines: noted.broken } };
  };
  // What is added while this reads is left to the next time: the file may grow as fast as it is read.
  while (at < file.size) {
    const length = readSync(fd, chunk, 0, Math.min(chunk.length, file.size - at), at);
    if (length === 0) break;
    lines.push(chunk.subarray(0, length));
    at += length;
    if (noted.size >= batchSize) yield batch();
  }
  yield batch();
  return at - start;
}

/** What was read and not handed on yet. */
class Noted {
  #records = new Map<string, UsageRecord>();
  #broken: number;

  constructor(broken: number) {
    this.#broken = broken;
  }

  get broken(): number {
    return this.#broken;
  }

  get size(): number {
    return this.#records.size;
  }

  read(line: Buffer | undefined): void {
    if (line?.length === 0) return;
    const reading = line === undefined ? 'broken' : readUsageLine(line);
    if (reading === 'broken') this.#broken += 1;
    else if (reading !== 'nothing') this.#note(reading);
  }

  take(): UsageRecord[] {
    const taken = [...this.#records.values()];
    this.#records = new Map();
    return taken;
  }

  /** Most repeats of a request's usage follow each other: the greatest counts. */
  #note(record: UsageRecord): void {
    const before = this.#records.get(record.id);
    this.#records.set(record.id, before === undefined ? record : greater(before, record));
  }
}

/** The same request, or prompt, told twice: its tokens are the greatest that were told. */
function greater(one: UsageRecord, other: UsageRecord): UsageRecord {
  if (one.kind !== 'request' || other.kind !== 'request') return one;
  const [a, b] = [one.tokens, other.tokens];
  return {
    ...one,
    tokens: {
      input: Math.max(a.input, b.input),
      output: Math.max(a.output, b.output),
      cacheRead: Math.max(a.cacheRead, b.cacheRead),
      cacheWrite5m: Math.max(a.cacheWrite5m, b.cacheWrite5m),
      cacheWrite1h: Math.max(a.cacheWrite1h, b.cacheWrite1h),
    },
  };
}

/** A digest of the last bytes before a position: nothing of the conversation itself is kept. */
function markAt(fd: number, position: number): string {
  const length = Math.min(markBytes, position);
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, position - length);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
