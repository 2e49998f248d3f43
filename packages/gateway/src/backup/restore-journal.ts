import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { DatabaseError } from '../db/database.ts';

/** One thing that is exchanged: what is there is kept aside, and what was made ready takes its place. */
const Exchange = z.object({
  target: z.string(),
  /** null: what is there is only put aside. */
  staged: z.string().nullable(),
  aside: z.string(),
});
export type Exchange = z.infer<typeof Exchange>;

/** What is exchanged, in order; nothing of it happens twice. */
const Journal = z.object({
  exchanges: z.array(Exchange),
  /** Removed at the end. */
  staging: z.array(z.string()),
});
export type Journal = z.infer<typeof Journal>;

/** Beside the database: whoever opens it sees that a restore is not at its end. */
export const journalOf = (database: string): string => `${database}.restore.json`;

/** From here on the restore is carried out, whatever happens. All that is moved must be on the disk. */
export function writeJournal(database: string, journal: Journal): void {
  const path = journalOf(database);
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  const file = openSync(partial, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(journal));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
  syncDirectory(dirname(path));
}

/**
 * Carry out a restore that was begun, from where it was ended. To be called by whoever holds the database, before it is opened.
 * @returns whether there was one
 * @throws DatabaseError when something is in the way
 */
export function finishRestore(database: string): boolean {
  const path = journalOf(database);
  if (database === ':memory:' || !existsSync(path)) return false;
  try {
    const { exchanges, staging } = Journal.parse(JSON.parse(readFileSync(path, 'utf8')));
    for (const step of exchanges) exchange(step);
    const places = exchanges.flatMap(({ target, aside }) => [dirname(target), dirname(aside)]);
    for (const directory of new Set(places)) if (existsSync(directory)) syncDirectory(directory);
    for (const directory of staging) rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(
      `A restore of ${database} was not finished, and can't be now: ${words}. Mend that, and start again; ` +
        `${path} says what is to be moved where.`,
      { cause: error },
    );
  }
  rmSync(path);
  syncDirectory(dirname(path));
  return true;
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Where nothing is ready any more, it is in its place already: what is there then is not put aside again. */
function exchange({ target, staged, aside }: Exchange): void {
  if (staged !== null && !isThere(staged)) return;
  if (isThere(target) && !isThere(aside)) moveTo(target, aside);
  if (staged === null) return;
  if (isThere(target)) throw new Error(`${target} is in the way`);
  moveTo(staged, target);
}

function moveTo(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  renameSync(from, to);
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
