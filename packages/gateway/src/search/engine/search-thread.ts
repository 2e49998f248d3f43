import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../host/clock.ts';
import type { SearchEngine } from './search-engine.ts';
import type { Counts, Engine, SearchReply } from './search-request.ts';

/** What the thread is asked. */
export type WorkerCall =
  | { readonly id: number; readonly method: 'search'; readonly arguments: Parameters<SearchEngine['search']> }
  | { readonly id: number; readonly method: 'counts'; readonly arguments: Parameters<SearchEngine['counts']> };
export type WorkerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string };

type Asked =
  | Pick<Extract<WorkerCall, { method: 'search' }>, 'method' | 'arguments'>
  | Pick<Extract<WorkerCall, { method: 'counts' }>, 'method' | 'arguments'>;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** An idle thread holds memory for nothing. */
const idleMs = 60_000;

/** Searches on a thread of their own, with a connection of its own: started by the first, ended when idle. */
export class SearchThread implements Engine {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 1;
  #cancelIdle: (() => void) | undefined;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  readonly search: Engine['search'] = (request) =>
    this.#ask<SearchReply>({ method: 'search', arguments: [request] });

  readonly counts: Engine['counts'] = (...parameters) =>
    this.#ask<Counts>({ method: 'counts', arguments: parameters });

  readonly close = async (): Promise<void> => {
    this.#cancelIdle?.();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#failAll(new Error('the search was ended'));
  };

  #ask<T>(asked: Asked): Promise<T> {
    const worker = this.#started();
    this.#cancelIdle?.();
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ ...asked, id });
    }) as Promise<T>;
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(workerFile(), { workerData: { path: this.#path } });
    worker.on('message', (answer: WorkerAnswer) => this.#settle(answer));
    const lost = (error: Error): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#failAll(error);
    };
    worker.on('error', lost);
    worker.on('exit', () => lost(new Error('the search thread ended')));
    // A search that nobody waits for does not keep the program alive.
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(answer: WorkerAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('fault' in answer) pending?.reject(new Error(answer.fault));
    else pending?.resolve(answer.value);
    if (this.#pending.size === 0) {
      this.#cancelIdle?.();
      this.#cancelIdle = this.#clock.after(idleMs, () => void this.close());
    }
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** The bundle lies beside the program's own; where sources are run, in the package. */
function workerFile(): string {
  const beside = join(import.meta.dirname, 'search-worker.js');
  if (existsSync(beside)) return beside;
  const source = createRequire(import.meta.url).resolve('mini-claude-bot');
  return join(dirname(source), '..', 'dist', 'search-worker.js');
}
