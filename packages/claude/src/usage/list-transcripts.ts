import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMissing } from '../is-missing.ts';

/** A transcript as it lies on the disk. */
export interface TranscriptFile {
  /** Below the directory that was listed. */
  readonly path: string;
  /** Another file in the same place has another one. */
  readonly identity: string;
  /** Bytes. */
  readonly size: number;
  /** Unix milliseconds. */
  readonly modifiedMs: number;
}

/**
 * Every transcript below Claude's `projects` directory, those of subagents too, in the order of their paths.
 * Blocks: not for a thread that others wait for.
 * @throws the system's error where the directory can't be read; one that is not there is empty
 */
export function listTranscripts(directory: string): TranscriptFile[] {
  return entriesOf(directory)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
    .flatMap((entry) => describe(directory, join(entry.parentPath, entry.name)))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Nothing for a file that has gone meanwhile. */
function describe(directory: string, file: string): TranscriptFile[] {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return [];
  const { dev, ino, size, mtimeMs } = found;
  const path = relative(directory, file);
  return [{ path, identity: `${dev}:${ino}`, size, modifiedMs: mtimeMs }];
}
