import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '../config/env-file.ts';
import { AdoptFault } from './adopt-fault.ts';

/** What was made for an install that was taken over: enough to take it back. It holds no secret. */
const AdoptionRecord = z.object({
  /** `begun`: it was cut off, and what there is of it is to be taken back. */
  state: z.enum(['begun', 'done']),
  /** ISO 8601. */
  at: z.string(),
  /** The old install's directory and database. */
  from: z.object({ root: z.string(), database: z.string() }),
  /** What had the database's name before, and has this one now. */
  replaced: z.string().optional(),
  env: z.object({ file: z.string(), digest: z.string().optional() }),
  /** Sizes of its tables when it was made: one that has others has been used since, or is another. */
  rows: z.record(z.string(), z.number()),
});
export type AdoptionRecord = z.infer<typeof AdoptionRecord>;

/** It lies beside the database. */
export const recordFile = (databasePath: string): string => `${databasePath}.adopted.json`;

/** @throws AdoptFault when it is there and can't be read */
export function readRecord(databasePath: string): AdoptionRecord | undefined {
  const path = recordFile(databasePath);
  if (!existsSync(path)) return undefined;
  try {
    return AdoptionRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new AdoptFault(
      `${path}, which says what was taken over, can't be read. Remove it if nothing is to be undone.`,
    );
  }
}

export const writeRecord = (databasePath: string, record: AdoptionRecord): void =>
  replaceFile(recordFile(databasePath), `${JSON.stringify(record, undefined, 2)}\n`);

export const removeRecord = (databasePath: string): void =>
  rmSync(recordFile(databasePath), { force: true });
