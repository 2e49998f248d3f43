import { type Dirent, readdirSync, statSync } from 'node:fs';
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
  const found: TranscriptFile[] = [];
  collectBelow(directory, '', found);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Step by step, and not by one call for all: that one costs as much again, in paths that are put together and taken apart. */
function collectBelow(directory: string, below: string, found: TranscriptFile[]): void {
  for (const entry of entriesOf(below === '' ? directory : `${directory}/${below}`)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) collectBelow(directory, path, found);
    else if (entry.isFile() && entry.name.endsWith('.jsonl')) describe(directory, path, found);
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Nothing for a file that has gone meanwhile. */
function describe(directory: string, path: string, found: TranscriptFile[]): void {
  const stats = statSync(`${directory}/${path}`, { throwIfNoEntry: false });
  if (stats === undefined) return;
  const { dev, ino, size, mtimeMs } = stats;
  found.push({ path, identity: `${dev}:${ino}`, size, modifiedMs: mtimeMs });
}
