import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Finding, ok, problem, wordsOf } from './finding.ts';

/** A directory that is needed. */
export interface NeededDirectory {
  readonly id: string;
  readonly path: string;
  /** What it is for: begins the line. */
  readonly what: string;
  /** How another one is chosen. */
  readonly variable: string;
}

/** Whether it can be written to, or made. Nothing is left there. */
export async function checkDirectory(needed: NeededDirectory): Promise<Finding> {
  const { id, path, what, variable } = needed;
  const existing = await nearest(path);
  try {
    if (!(await stat(existing)).isDirectory()) throw new Error(`${existing} is no directory`);
    // Asking for the right is not enough: some file systems grant it and refuse later.
    await rmdir(await mkdtemp(join(existing, '.mini-claude-bot-doctor-')));
  } catch (error) {
    return problem(
      id,
      `${what} ${path} can't be written to: ${wordsOf(error)}`,
      `Give your user the right to write there, or name another directory with ${variable}.`,
    );
  }
  const later = existing === path ? '' : ' (made when it is needed)';
  return ok(id, `${what} ${path} is writable${later}.`);
}

/** The path itself, or the nearest part of it that is there. */
async function nearest(path: string): Promise<string> {
  const there = await stat(path).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
  return there || dirname(path) === path ? path : nearest(dirname(path));
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
