import { existsSync, renameSync } from 'node:fs';
import { type AdoptionRecord, removeRecord } from './adoption-record.ts';
import { type RemovedBlock, removeBlock } from './env-block.ts';
import { mergeLog, removeDatabase, rowsOf } from './present-database.ts';

/** What there was to take back. */
export interface TakenBack {
  /** Where the database is now, which has been used since; undefined: it was removed. */
  readonly keptAs: string | undefined;
  /** What had its name before has it again. */
  readonly restored: boolean;
  /** Of the `.env` file; undefined: nothing was written there. */
  readonly env: RemovedBlock | undefined;
}

/** Whether something was said, made or ordered since it was taken over. */
export function isUsed(database: string, { rows }: AdoptionRecord): boolean {
  return Object.entries(rowsOf(database)).some(([table, count]) => count !== (rows[table] ?? 0));
}

/** Take back what was made. The database must be held. @param nowMs Unix milliseconds */
export function takeBack(database: string, record: AdoptionRecord, nowMs: number): TakenBack {
  const { replaced, env } = record;
  const wasReplaced = replaced !== undefined && existsSync(replaced);
  // One that was cut off before it came to the old file has left that in its place.
  const isOurs = existsSync(database) && (replaced === undefined || wasReplaced);
  let keptAs: string | undefined;
  if (isOurs && isUsed(database, record)) {
    keptAs = `${database}.undone.${nowMs}`;
    mergeLog(database);
    renameSync(database, keptAs);
  } else if (isOurs) removeDatabase(database);
  if (wasReplaced) renameSync(replaced, database);
  const removed = env.digest === undefined ? undefined : removeBlock(env.file, env.digest);
  removeRecord(database);
  return { keptAs, restored: wasReplaced, env: removed };
}
