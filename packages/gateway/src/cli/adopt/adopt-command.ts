import { prepareAdoption, prepareUndo } from '../../adopt/adopt.ts';
import { AdoptFault } from '../../adopt/adopt-fault.ts';
import { ConfigError } from '../../config/config-error.ts';
import { DatabaseError } from '../../db/database.ts';
import { isWanted } from '../is-wanted.ts';
import { ProgressLine } from '../progress.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { planJson } from './plan-json.ts';
import { planText } from './plan-text.ts';
import { afterwards, takenBackText, undoText } from './undo-text.ts';

/** What `mini-claude-bot adopt` was asked. */
export interface AdoptOptions {
  /** The old install's `.env`. */
  readonly env?: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const print = (text: string): void => void process.stdout.write(text);
const printJson = (value: unknown): void => print(`${JSON.stringify(value, undefined, 2)}\n`);

/** Show what an old install becomes, and do it where that is wanted. @returns exit code */
export async function adoptCommand(
  place: string | undefined,
  options: AdoptOptions,
  sources: ConfigSources,
): Promise<number> {
  if (place === undefined) {
    throw new UserFault(
      'Which install? Name its directory, or its database: mini-claude-bot adopt ~/mini-claude-bot',
      2,
    );
  }
  const target = { ...readSettings(sources), envFile: sources.envFile };
  const progress = new ProgressLine(process.stderr);
  return told(async () => {
    const { plan, apply, discard } = await prepareAdoption(target, {
      place,
      envFile: options.env,
      nowMs: Date.now(),
      onRows: (table, rows) => progress.show(`Reading ${table}: ${rows.toLocaleString('en')} rows`),
    }).finally(() => progress.clear());
    try {
      if (!options.json) print(planText(plan));
      const wanted = await isToBeDone(options);
      if (wanted) apply();
      if (options.json) printJson(planJson(plan, wanted));
      else if (wanted) print(afterwards(plan));
      return wanted || !wasAsked(options) ? 0 : 1;
    } finally {
      discard();
    }
  });
}

/** Take back what was taken over, where that is wanted. @returns exit code */
export function undoCommand(
  place: string | undefined,
  options: AdoptOptions,
  sources: ConfigSources,
): Promise<number> {
  if (place !== undefined) throw new UserFault('--undo takes no place: there is one at a time.', 2);
  return told(async () => {
    const { record, database, used, undo } = prepareUndo(readSettings(sources), Date.now());
    if (!options.json) print(undoText(record, database, used));
    const wanted = await isToBeDone(options);
    const done = wanted ? undo() : undefined;
    if (options.json)
      printJson({ undone: wanted, from: record.from, at: record.at, database, used, ...done });
    else if (done !== undefined) print(takenBackText(done, record, database));
    return wanted || !wasAsked(options) ? 0 : 1;
  });
}

/** Where nobody can answer, what was shown is all that was wanted. */
const wasAsked = ({ dryRun, json }: AdoptOptions): boolean =>
  !dryRun && !json && process.stdin.isTTY === true;

async function isToBeDone(options: AdoptOptions): Promise<boolean> {
  if (options.dryRun) {
    if (!options.json) print('Nothing was changed.\n');
    return false;
  }
  return options.json ? options.yes : isWanted(options.yes);
}

/** Faults in words for a terminal. */
async function told<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AdoptFault) throw new UserFault(error.message, error.askedWrongly ? 2 : 1);
    if (error instanceof DatabaseError || error instanceof ConfigError)
      throw new UserFault(error.message);
    // The system's: no right to write there, no room left.
    if (error instanceof Error && 'syscall' in error)
      throw new UserFault(`It could not be done: ${error.message}.`);
    throw error;
  }
}
