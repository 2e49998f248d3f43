import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { readUsage } from '@mini-claude-bot/claude/usage';
import Sqlite from 'better-sqlite3';
import { type Database, wordsOf } from '../../db/database.ts';
import { collectStored } from '../stored-figures.ts';
import { SystemCollector } from '../system/system-figures.ts';
import { thisMachine } from '../system/this-machine.ts';
import { ClosedDays } from '../usage/summarize-usage.ts';
import { transcriptProgress } from '../usage/usage-repo.ts';
import { type MetricsAnswer, type MetricsCall, mostOnTheWay } from './metrics-call.ts';

let onTheWay = 0;
let goOn = (): void => {};
let system: SystemCollector | undefined;
const closedDays = new ClosedDays();

const say = (answer: MetricsAnswer): void => parentPort?.postMessage(answer);

let database: Database | undefined;

/** The gateway's own thread writes; this one only looks. It stays open: to open it is a good part of looking. */
function databaseAt(path: string): Database {
  database ??= new Sqlite(path, { readonly: true, timeout: 2_000 });
  return database;
}

async function read(call: Extract<MetricsCall, { kind: 'read' }>): Promise<void> {
  onTheWay = 0;
  const reading = readUsage(call.directory, transcriptProgress(databaseAt(call.database)));
  for (;;) {
    const next = reading.next();
    if (next.done === true) return say({ kind: 'read', reading: next.value });
    say({ kind: 'batch', batch: next.value });
    onTheWay += 1;
    if (onTheWay < mostOnTheWay) continue;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  }
}

function collect({ database: path, options }: Extract<MetricsCall, { kind: 'collect' }>): void {
  const figures = collectStored(databaseAt(path), options, closedDays);
  say({ kind: 'collected', figures });
}

async function look({ directory }: Extract<MetricsCall, { kind: 'look' }>): Promise<void> {
  system ??= new SystemCollector({
    machine: thisMachine,
    directory,
    now: Date.now,
    pause: (ms) => sleep(ms),
  });
  say({ kind: 'seen', figures: await system.collect() });
}

parentPort?.on('message', async (call: MetricsCall) => {
  try {
    if (call.kind === 'read') await read(call);
    if (call.kind === 'collect') collect(call);
    if (call.kind === 'look') await look(call);
    if (call.kind === 'taken') {
      onTheWay -= 1;
      goOn();
    }
  } catch (error) {
    say({ kind: 'fault', words: wordsOf(error) });
  }
});
