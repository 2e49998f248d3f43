import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { claudeConfigDirectory } from '@mini-claude-bot/claude';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import { wordsOf } from '../db/database.ts';
import { holdDatabase, realDatabasePath } from '../db/hold-database.ts';
import { openDatabase } from '../db/open-database.ts';
import { HarnessArchive } from '../harness/harness-archive.ts';
import { AdoptFault } from './adopt-fault.ts';
import { type AdoptionRecord, readRecord, writeRecord } from './adoption-record.ts';
import { copyDatabase, openCopy } from './copy-database.ts';
import { type CarriedJob, convertJobs } from './describe-jobs.ts';
import { appendBlock, blockDigest, envBlock } from './env-block.ts';
import { type FoundChat, findConversations } from './find-conversations.ts';
import { findInstall, type OldInstall } from './find-install.ts';
import { makeScratch } from './make-scratch.ts';
import { type PlannedVariable, planVariables } from './plan-variables.ts';
import { mergeLog, rowsOf } from './present-database.ts';
import { type OnRows, type Rebuilt, rebuild } from './rebuild.ts';
import { isUsed, type TakenBack, takeBack } from './take-back.ts';

/** What an old install is taken over into. */
export interface AdoptTarget {
  readonly config: Config;
  readonly environment: Environment;
  /** The `.env` file that settings go into. */
  readonly envFile: string;
}

/** What is asked. */
export interface AdoptRequest {
  /** The old install's directory, or its database. */
  readonly place: string;
  /** Its `.env`, where it is elsewhere. */
  readonly envFile?: string | undefined;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly onRows: OnRows;
}

/** Everything that was found of an old install, and what becomes of it. */
export interface AdoptPlan {
  readonly install: OldInstall;
  /** Where the new database is. */
  readonly database: string;
  readonly envFile: string;
  /** The old system seems to run; ids of its processes, where they are known. */
  readonly openIn: { readonly processes: readonly number[] } | undefined;
  readonly rebuilt: Rebuilt;
  readonly chats: readonly FoundChat[];
  readonly jobs: readonly CarriedJob[];
  readonly variables: readonly PlannedVariable[];
  readonly archives: { readonly place: string; readonly entries: number | string };
}

/** A plan, and the database that it speaks of, which is made already. */
export interface PreparedAdoption {
  readonly plan: AdoptPlan;
  /** Put it in force. @throws AdoptFault; then nothing is left of it */
  readonly apply: () => void;
  /** Remove what was prepared. To be called in any case. */
  readonly discard: () => void;
}

/**
 * Read an old install, and prepare all that it becomes here. Nothing of the old install is changed, and nothing
 * of this one before `apply`.
 * @throws AdoptFault
 */
export async function prepareAdoption(
  target: AdoptTarget,
  request: AdoptRequest,
): Promise<PreparedAdoption> {
  const install = findInstall(request.place, request.envFile);
  const database = checkTarget(target, install);
  const scratch = makeScratch(nearestDirectory(dirname(database)));
  const discard = (): void => rmSync(scratch, { recursive: true, force: true });
  try {
    const made = join(scratch, 'new.db');
    const { openIn } = await copyDatabase(install.database, join(scratch, 'old.db'));
    const plan: AdoptPlan = {
      install,
      database,
      envFile: target.envFile,
      openIn,
      ...(await makeDatabase(target, install, scratch, made, request)),
      variables: planVariables(install.environment, install.root, target.environment),
      archives: await countArchives(install.archiveDirectory),
    };
    return { plan, apply: () => apply(plan, made, request.nowMs), discard };
  } catch (error) {
    discard();
    throw error;
  }
}

async function makeDatabase(
  { environment }: AdoptTarget,
  { sessionDirectory }: OldInstall,
  scratch: string,
  made: string,
  { nowMs, onRows }: AdoptRequest,
): Promise<Pick<AdoptPlan, 'rebuilt' | 'chats' | 'jobs'>> {
  const old = openCopy(join(scratch, 'old.db'));
  let rebuilt: Rebuilt;
  try {
    rebuilt = rebuild(old, made, new Date(nowMs).toISOString(), onRows);
  } finally {
    old.close();
  }
  rmSync(join(scratch, 'old.db'), { force: true });
  const database = openDatabase(made);
  try {
    const claudeDirectory = claudeConfigDirectory(environment);
    const chats = await findConversations(database, { sessionDirectory, claudeDirectory });
    return { rebuilt, chats, jobs: convertJobs(database) };
  } finally {
    database.close();
  }
}

/** @returns where the new database is to be */
function checkTarget({ config, envFile }: AdoptTarget, install: OldInstall): string {
  const database = realDatabasePath(resolve(config.DATABASE_PATH));
  if (database === install.database) {
    throw new AdoptFault(
      `DATABASE_PATH names the old database itself (${database}), which is to stay as it is. ` +
        'Name another file, or leave the variable unset.',
      { askedWrongly: true },
    );
  }
  if (install.envFile !== undefined && isSameFile(install.envFile, envFile)) {
    throw new AdoptFault(
      `${envFile} is the old install's own, which is to stay as it is. Do this in the directory that the new ` +
        'gateway is started in.',
      { askedWrongly: true },
    );
  }
  refuseFull(database);
  return database;
}

function refuseFull(database: string): void {
  const record = readRecord(database);
  if (record?.state === 'begun') return;
  const held = Object.entries(rowsOf(database)).filter(([, rows]) => rows > 0);
  if (held.length === 0 && record === undefined) return;
  if (record !== undefined) {
    throw new AdoptFault(
      `${record.from.root} was taken over already, on ${record.at} (into ${database}). ` +
        'To do it again: mini-claude-bot adopt --undo, and then this.',
    );
  }
  const what = held.map(([table, rows]) => `${table}: ${rows}`).join(', ');
  throw new AdoptFault(
    `The database ${database} holds data already (${what}), and two can't be mixed. Name another file with ` +
      'DATABASE_PATH.',
  );
}

const isSameFile = (one: string, other: string): boolean =>
  existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);

/** The new file is made where it can be put into its place by a change of its name. */
function nearestDirectory(path: string): string {
  return existsSync(path) ? path : nearestDirectory(dirname(path));
}

async function countArchives(place: string): Promise<AdoptPlan['archives']> {
  try {
    const entries = await new HarnessArchive(place, Date.now).entries();
    return { place, entries: entries.length };
  } catch (error) {
    return {
      place,
      entries: `its index.json can't be read: ${wordsOf(error).split('\n')[0] ?? ''}`,
    };
  }
}

function apply(plan: AdoptPlan, made: string, nowMs: number): void {
  const { database, install, envFile } = plan;
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  const release = holdDatabase(database);
  try {
    const cutOff = readRecord(database);
    if (cutOff?.state === 'begun') takeBack(database, cutOff, nowMs);
    // It may have been filled, or taken over, since it was looked at.
    refuseFull(database);
    const block = blockOf(plan);
    const begun: AdoptionRecord = {
      state: 'begun',
      at: new Date(nowMs).toISOString(),
      from: { root: install.root, database: install.database },
      rows: rowsOf(made),
      env: { file: envFile, ...(block === undefined ? {} : { digest: blockDigest(block) }) },
      ...(existsSync(database) ? { replaced: `${database}.before-adopt.${nowMs}.bak` } : {}),
    };
    writeRecord(database, begun);
    try {
      writeRecord(database, putInForce(begun, database, made, block));
    } catch (error) {
      takeBack(database, readRecord(database) ?? begun, nowMs);
      throw new AdoptFault(`It could not be done, and nothing is left of it: ${wordsOf(error)}.`);
    }
  } finally {
    release();
  }
}

function putInForce(
  record: AdoptionRecord,
  database: string,
  made: string,
  block: string | undefined,
): AdoptionRecord {
  if (record.replaced !== undefined) {
    mergeLog(database);
    renameSync(database, record.replaced);
  }
  mergeLog(made);
  chmodSync(made, 0o600);
  renameSync(made, database);
  if (block !== undefined) appendBlock(record.env.file, block);
  return { ...record, state: 'done' };
}

/** What goes into the `.env` file; undefined: nothing. */
function blockOf({ install, variables }: AdoptPlan): string | undefined {
  const lines = variables.flatMap((variable) => (variable.kind === 'taken' ? [variable.line] : []));
  return lines.length === 0 ? undefined : envBlock(install.envFile ?? install.root, lines);
}

/** What is undone, to be looked at first. */
export interface PreparedUndo {
  readonly record: AdoptionRecord;
  readonly database: string;
  /** Something was said, made or ordered since: the database is kept under another name. */
  readonly used: boolean;
  /** @throws AdoptFault; DatabaseError while a gateway has it */
  readonly undo: () => TakenBack;
}

/** @param nowMs Unix milliseconds; @throws AdoptFault when there is nothing to undo */
export function prepareUndo({ config }: Pick<AdoptTarget, 'config'>, nowMs: number): PreparedUndo {
  const database = realDatabasePath(resolve(config.DATABASE_PATH));
  const record = readRecord(database);
  if (record === undefined) {
    throw new AdoptFault(
      `Nothing that was taken over is in ${database}: there is nothing to undo.`,
    );
  }
  const undo = (): TakenBack => {
    const release = holdDatabase(database);
    try {
      return takeBack(database, record, nowMs);
    } finally {
      release();
    }
  };
  return { record, database, used: isUsed(database, record), undo };
}
