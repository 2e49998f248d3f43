import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { wordsOf } from '../../db/database.ts';
import { loadSqliteVec } from './load-sqlite-vec.ts';
import { SearchEngine } from './search-engine.ts';
import type { WorkerAnswer, WorkerCall } from './search-thread.ts';

// The gateway's own thread sends nothing else.
const { path } = workerData as { readonly path: string };
const database = open(path);
loadSqliteVec(database);
const engine = new SearchEngine(database);

/** Of SQLite's own errors, nothing but the kind would reach the other thread. */
function open(file: string): Sqlite.Database {
  try {
    return new Sqlite(file, { readonly: true, timeout: 2_000 });
  } catch (error) {
    throw new Error(`${file}: ${wordsOf(error)}`);
  }
}

function perform(call: WorkerCall): unknown {
  if (call.method === 'search') return engine.search(...call.parameters);
  if (call.method === 'byWords') return engine.byWords(...call.parameters);
  if (call.method === 'byVector') return engine.byVector(...call.parameters);
  return engine.counts(...call.parameters);
}

parentPort?.on('message', (call: WorkerCall) => {
  let answer: WorkerAnswer;
  try {
    // One snapshot for all that a search reads.
    answer = { id: call.id, value: database.transaction(perform)(call) };
  } catch (error) {
    answer = { id: call.id, fault: wordsOf(error) };
  }
  parentPort?.postMessage(answer);
});
